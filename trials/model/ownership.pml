/*
 * Ownership and append of one event, as the code does them. trials/model/README.md says which step is
 * which file, what is checked, and what spin found with each guard taken out (-D NO_...).
 *
 * Any process may be slow for as long as it likes: a pause, a late statement and a wrong suspicion
 * are schedules. What cannot be a schedule (crash, time-out, move, suspicion) has a budget, so that
 * every run ends, and the monitor looks at how it ends.
 */
#ifndef OWNERS
#define OWNERS 2
#endif
#ifndef DECISIONS
#define DECISIONS 3   /* batches of facts that are decided at all */
#endif
#ifndef SUSPICIONS
#define SUSPICIONS 1  /* take-overs from an owner that is alive */
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef TIMEOUTS
#define TIMEOUTS 1    /* answers that do not come */
#endif
#ifndef MOVES
#define MOVES 0
#endif
#ifndef SETBACKS
#define SETBACKS 0    /* an ownership row restored from the past */
#endif
#ifndef LOSSES
#define LOSSES 0      /* a database that comes back without its last batch */
#endif
#ifndef PIPE
#define PIPE 2        /* appends of one owner on their way at once (the code has 1) */
#endif

#define ROWS 12
#define SLOTS 4
#define NONE 255
#define ANNOUNCE 16   /* the hash of announce e is ANNOUNCE + e, of batch i it is i */

/* Postgres: libs/database/migrations/0001_journal.sql */
typedef Row { byte no; byte ep; byte id };
Row journal[ROWS];
byte rows = 0;        /* (without announces, init makes the row that a first batch needs) */
byte rowEpoch = 0;    /* table ownership */
byte rowOwner = NONE;
bit rowQuarantined = 0;

/* Append statements on their way; who has no reader any more is an orphan. */
#define FREE 0
#define SENT 1
#define INSERTED 2
#define FENCED 3
typedef Slot { byte st; bit orphan; byte no; byte ep; byte prev; byte id; bit takes };
Slot slot[SLOTS];

/* What the outside sees and what the properties need. */
byte acked = 0;       /* bit per batch: the buyer was told yes */
byte denied = 0;      /* the buyer was told: not executed */
byte stored = 0;      /* it is in the journal */
byte nextId = 0;
bit seat = 0;         /* the journal, folded */
byte serving[OWNERS]; /* epoch in which it serves, 0 = not */
bit engaged[OWNERS];  /* alive and believes the event is, or becomes, its own */
short served = 0;     /* epochs that were served */
byte take[OWNERS];    /* a take call for this process: from epoch + 1, 0 = none */
byte taken[OWNERS];   /* answer to a source: 1 taken, 2 refused */
bit waiting[OWNERS];  /* a source that waits for that answer */

byte suspicions = SUSPICIONS;
byte crashes = CRASHES;
byte timeouts = TIMEOUTS;
byte moves = MOVES;
byte setbacks = SETBACKS;
byte losses = LOSSES;

#define BIT(i) (1 << (i))

inline tailOf(toNo, toEp, toId) {
  if
  :: rows == 0 -> toNo = 0; toEp = 0; toId = 0
  :: else -> toNo = journal[rows - 1].no; toEp = journal[rows - 1].ep; toId = journal[rows - 1].id
  fi
}

/* G1: what must hold of every row that goes in, announce or batch. */
inline put(atNo, ofEp, hash, takesSeat) {
  assert(rows < ROWS);
  k = 0;
  do
  :: k < rows ->
     assert(journal[k].no != atNo);   /* one history: a number is used once */
     assert(journal[k].ep <= ofEp);   /* nothing of an older epoch behind a newer announce */
     k++
  :: else -> break
  od;
  assert(rows == 0 && atNo == 1 || rows > 0 && atNo == journal[rows - 1].no + 1);   /* contiguous */
  k = 0;
  do
  :: k < OWNERS -> assert(serving[k] <= ofEp); k++   /* no older owner writes while a newer serves */
  :: else -> break
  od;
  journal[rows].no = atNo; journal[rows].ep = ofEp; journal[rows].id = hash;
  rows++;
  if
  :: hash < ANNOUNCE ->
     assert(seat != takesSeat);   /* no seat with two owners, none freed twice */
     seat = takesSeat;
     assert((denied & BIT(hash)) == 0);   /* told "not executed", and executed all the same */
     stored = stored | BIT(hash)
  :: else
  fi;
  k = 0
}

/* The guards, each of which can be taken out. */
#ifdef NO_EPOCH
#define EPOCH_FITS(of, wanted) true
#elif defined(NO_ANNOUNCE)
#define EPOCH_FITS(of, wanted) (of <= wanted)   /* or the first batch could never be written */
#else
#define EPOCH_FITS(of, wanted) (of == wanted)
#endif
#ifdef NO_HASH
#define HASH_FITS(of, wanted) true
#else
#define HASH_FITS(of, wanted) (of == wanted)
#endif
#ifdef NO_KEY
#define USED(of, wanted) false
#else
#define USED(of, wanted) (of == wanted)
#endif
#ifdef NO_IDENTITY
#define MINE(of, wanted) true
#else
#define MINE(of, wanted) (of == wanted)
#endif
#ifdef NUMBER_ONLY
#define KEPT(of, wanted) true
#else
#define KEPT(of, wanted) (of == wanted)
#endif

/* Q1 and Q2 of libs/journal/sql.ts; libs/journal/memory-store.ts append(). */
inline execute(which) {
  fits = 0; used = 0; k = 0;
  do
  :: k < rows ->
     fits = fits || (journal[k].no == slot[which].no - 1
       && EPOCH_FITS(journal[k].ep, slot[which].ep) && HASH_FITS(journal[k].id, slot[which].prev));
     used = used || USED(journal[k].no, slot[which].no);
     k++
  :: else -> break
  od;
  if
  :: fits && !used ->
     put(slot[which].no, slot[which].ep, slot[which].id, slot[which].takes);
     slot[which].st = INSERTED
  :: else -> slot[which].st = FENCED
  fi;
  if
  :: slot[which].orphan -> clear(which)
  :: else
  fi;
  fits = 0; used = 0; k = 0
}

inline clear(which) {
  slot[which].st = FREE; slot[which].orphan = 0; slot[which].no = 0; slot[which].ep = 0;
  slot[which].prev = 0; slot[which].id = 0; slot[which].takes = 0
}

/* Nobody reads the answer any more; an answer that is there is gone. */
inline abandon(which) {
  if
  :: which == NONE
  :: which != NONE && slot[which].st == SENT -> slot[which].orphan = 1
  :: else -> clear(which)
  fi;
  which = NONE
}

inline send(into, atNo, ofEp, behind, hash, seatTo) {
  into = 0;
  do
  :: slot[into].st == FREE -> break
  :: else -> into++
  od;
  slot[into].st = SENT; slot[into].no = atNo; slot[into].ep = ofEp;
  slot[into].prev = behind; slot[into].id = hash; slot[into].takes = seatTo
}

#define ROOM (slot[0].st == FREE || slot[1].st == FREE || slot[2].st == FREE || slot[3].st == FREE)

/* The server: carries statements out in any order; those without a reader may be lost. */
active proctype database() {
  byte k, s; bit fits, used;
end:
  do
  :: slot[0].st == SENT -> atomic { execute(0) }
  :: slot[1].st == SENT -> atomic { execute(1) }
  :: slot[2].st == SENT -> atomic { execute(2) }
  :: slot[3].st == SENT -> atomic { execute(3) }
  :: atomic { slot[0].st == SENT && slot[0].orphan -> clear(0) }
  :: atomic { slot[1].st == SENT && slot[1].orphan -> clear(1) }
  :: atomic { slot[2].st == SENT && slot[2].orphan -> clear(2) }
  :: atomic { slot[3].st == SENT && slot[3].orphan -> clear(3) }
  :: atomic { setbacks > 0 && rowEpoch > 0 -> setbacks--; rowEpoch--; rowOwner = NONE }
  :: atomic { losses > 0 && rows > 0 && journal[rows - 1].id < ANNOUNCE ->
       losses--; rows--;
       stored = stored & ~BIT(journal[rows].id);
       seat = !seat;
       journal[rows].no = 0; journal[rows].ep = 0; journal[rows].id = 0 }
  od
}

inline committed() {
#ifndef NO_GATE
  acked = acked | BIT(p1);
#endif
#if LOSSES == 0
  assert((acked & BIT(p1)) == 0 || (stored & BIT(p1)) != 0);   /* G2 */
#endif
  no++; id = p1;
  knownNo = no; knownId = p1;
  p1 = p2; t1 = t2; s1 = s2;
  p2 = 0; t2 = 0; s2 = NONE
}

inline forget() {
  p1 = 0; p2 = 0; t1 = 0; t2 = 0; ep = 0; from = 0; source = NONE;
  no = 0; tep = 0; id = 0; view = 0; looked = 0; k = 0;
  serving[me] = 0
}

proctype owner(byte me) {
  byte from, ep, tep, no, id, k, looked;
  byte knownNo = 0, knownId = 0;   /* what this process has acknowledged last */
  byte p1, p2;                 /* batches that are decided and not durable: sealed, and open */
  bit t1, t2, view;
  byte s1 = NONE, s2 = NONE, source = NONE;

idle:
  atomic { forget() };
endIdle:
  if
  /* libs/hosting/takeover.ts claimEvent(): nobody has it, its owner is dead, or seems to be. */
  :: atomic { !rowQuarantined && (rowOwner == NONE || !engaged[rowOwner]) -> from = rowEpoch }
  :: atomic { (!rowQuarantined && rowOwner != NONE && rowOwner != me && engaged[rowOwner]
       && suspicions > 0) -> suspicions--; from = rowEpoch }
  /* libs/hosting/move-target.ts take(), which may come as late as it likes (Y1). */
  :: atomic { take[me] > 0 ->
       from = take[me] - 1; take[me] = 0;
       k = 0;
       do
       :: k < OWNERS && waiting[k] && source == NONE -> source = k; k++
       :: k < OWNERS && !(waiting[k] && source == NONE) -> k++
       :: else -> break
       od;
       k = 0 }
  fi;

claim:   /* take-over (1), compareAndSetOwner in libs/journal/sql.ts */
  atomic {
    if
#ifdef NO_CAS
    :: true ->
#else
    :: rowEpoch == from ->
#endif
       ep = from + 1; rowEpoch = ep; rowOwner = me; engaged[me] = 1
#ifndef NO_CAS
    :: else ->
       engaged[me] = 0;
       if
       :: source != NONE && waiting[source] -> taken[source] = 2
       :: else
       fi;
       goto idle
#endif
    fi
  };

#ifndef NO_ANNOUNCE
announce:   /* take-over (2), journal_announce(): read the tail, and insert; two statements */
  atomic {
    if
    :: crashes > 0 -> crashes--; goto crash
    :: true
    fi;
    tailOf(no, tep, id);
    from = losses
  };
  atomic {
    if
#if LOSSES > 0
    :: from != losses -> goto announce   /* the statement died with the database */
    :: else
    fi;
    if
#endif
#ifndef NO_ANNOUNCE_EPOCH
    :: tep >= ep ->
#ifndef NO_CATCH_UP
       /* O4 of libs/journal/postgres-take-over.ts: the row must not stay behind the journal. */
       if
       :: rowEpoch < tep || (rowEpoch == tep && rowOwner == me) -> rowEpoch = tep; rowOwner = NONE
       :: else
       fi;
#endif
       goto lost
    :: else ->
#else
    :: true ->
#endif
       k = 0; looked = 0;
       do
       :: k < rows -> looked = (looked || USED(journal[k].no, no + 1)); k++
       :: else -> break
       od;
       if
       :: looked -> looked = 0; k = 0; goto announce   /* collided: read again */
       :: else -> put(no + 1, ep, ANNOUNCE + ep, 0)
       fi
    fi
  };
  atomic {
    if
    :: crashes > 0 -> crashes--; goto crash
    :: timeouts > 0 -> timeouts--; goto lost   /* its answer is lost: claimed afresh */
    :: true
    fi
  };
#endif

  /* take-over (3) and (4): libs/actor/recovery.ts, libs/hosting/activator.ts (V1). */
  atomic {
    tailOf(no, tep, id);
    view = seat;
#ifdef NO_ANNOUNCE
    serving[me] = ep
#else
    if
#ifndef NO_LAST_LOOK
    :: tep != ep -> goto lost
    :: else ->
#else
    :: true ->
#endif
       assert(tep == ep);                     /* who begins to serve is the newest */
       assert((served & BIT(ep)) == 0);       /* an epoch has one owner */
       served = served | BIT(ep);
       serving[me] = ep
    fi;
#endif
    if
    :: source != NONE && waiting[source] -> taken[source] = 1
    :: else
    fi;
    source = NONE; from = 0; tep = 0
  };

serve:
endServing:
  do
  /* libs/actor/event-actor.ts: decide, fold, seal; the answer waits behind the gate (E2). */
  :: atomic { nextId < DECISIONS && p1 == 0 && ROOM ->
       nextId++; p1 = nextId; t1 = !view; view = t1;
       send(s1, no + 1, ep, id, p1, t1);
#ifdef NO_GATE
       acked = acked | BIT(p1)
#endif
     }
  :: atomic { PIPE > 1 && nextId < DECISIONS && p1 != 0 && p2 == 0 && ROOM ->
       nextId++; p2 = nextId; t2 = !view; view = t2;
       send(s2, no + 2, ep, p1, p2, t2);
#ifdef NO_GATE
       acked = acked | BIT(p2)
#endif
     }
  /* committed() */
  :: atomic { p1 != 0 && slot[s1].st == INSERTED -> clear(s1); s1 = NONE; committed() }
  /* lost() */
  :: atomic { p1 != 0 && slot[s1].st == FENCED -> abandon(s1); abandon(s2); goto fenced }
  /* libs/actor/group-commit.ts settleAll(): nobody knows. */
  :: atomic { p1 != 0 && timeouts > 0 -> timeouts--; abandon(s1); abandon(s2); goto unknown }
  :: atomic { crashes > 0 -> crashes--; goto crash }
  /* libs/hosting/move-source.ts handOver(): paused, flushed, take is sent. */
  :: atomic { moves > 0 && p1 == 0 ->
       moves--; take[1 - me] = ep + 1; waiting[me] = 1; taken[me] = 0; goto handing }
  /* libs/hosting/lease-keeper.ts (K4): the row says otherwise; what is open stays unknown. */
  :: atomic { rowOwner != me || rowEpoch != ep || rowQuarantined ->
       abandon(s1); abandon(s2); goto lost }
  od;

handing:
  if
  :: atomic { taken[me] == 1 -> taken[me] = 0; waiting[me] = 0; goto lost }
  /* Refused, or no answer in time: findOut() reads the row. */
  :: atomic { true -> taken[me] = 0; waiting[me] = 0 }
  :: atomic { crashes > 0 -> crashes--; taken[me] = 0; waiting[me] = 0; goto crash }
  fi;
  atomic {
    if
#ifdef NO_NEW_EPOCH
    :: true -> goto serve
#endif
    :: rowEpoch == ep && rowOwner == me -> from = ep; serving[me] = 0; goto claim   /* X1 */
    :: else -> goto lost
    fi
  };

unknown:
#ifdef BELIEVE_COMMIT
  atomic {
    committed();
    if
    :: p1 != 0 -> committed()
    :: else
    fi;
    goto serve
  };
#endif
#ifdef NO_REAPPEND
  /* Believes that it failed: says so, undoes it, and goes on. */
  atomic {
    view = (p2 != 0 -> view : !view);
    denied = denied | BIT(p1) | (p2 != 0 -> BIT(p2) : 0);
    p1 = 0; p2 = 0; t1 = 0; t2 = 0;
    goto serve
  };
#endif
  /* libs/journal/postgres-writer.ts settle(): the identical batch on a new connection ... */
  atomic { ROOM -> send(s1, no + 1, ep, id, p1, t1) };
  if
  :: atomic { slot[s1].st == INSERTED -> clear(s1); s1 = NONE; committed() }
  :: atomic { slot[s1].st == FENCED -> clear(s1); s1 = NONE;
       /* ... and if it did not go in: whose row is there? */
       k = 0; looked = 0;
       do
       :: k < rows -> looked = (looked || journal[k].no == no + 1 && MINE(journal[k].id, p1)); k++
       :: else -> break
       od;
       k = 0;
       if
       :: looked -> looked = 0; committed()
       :: else -> goto fenced
       fi }
  :: atomic { timeouts > 0 -> timeouts--; abandon(s1); goto unknown }
  :: atomic { crashes > 0 -> crashes--; goto crash }
  fi;
  if
  :: p1 != 0 -> goto unknown
  :: else -> goto serve
  fi;

fenced:   /* libs/hosting/activator.ts examine(): another owner, or commits that are gone (V2)? */
  atomic {
    denied = denied | BIT(p1) | (p2 != 0 -> BIT(p2) : 0);
    assert((denied & stored) == 0);
#if LOSSES > 0 && !defined(NO_QUARANTINE)
    k = 0; looked = (knownNo == 0);
    do
    :: k < rows ->
       looked = (looked || journal[k].no == knownNo && KEPT(journal[k].id, knownId)); k++
    :: else -> break
    od;
    if
    :: !looked -> rowQuarantined = 1
    :: else
    fi;
    k = 0; looked = 0;
#endif
#if LOSSES > 0
    /* G2: whoever learns that what it said is gone must not let the event go on. */
    assert(rowQuarantined || knownNo == 0 || (stored & BIT(knownId)) != 0)
#endif
  };

lost:
  atomic { engaged[me] = 0; knownNo = 0; knownId = 0; goto idle };

crash:   /* memory is gone; what was sent is not */
  atomic {
    abandon(s1); abandon(s2);
    engaged[me] = 0; knownNo = 0; knownId = 0;
    goto idle
  }
}

/* Looks when nothing else can happen: faults are spent, and this is what they left. */
active proctype monitor() {
  byte no, ep, id;
  timeout ->
  tailOf(no, ep, id);
#if LOSSES == 0
  assert((acked & ~stored) == 0);                       /* G2: every "yes" is in the journal */
#endif
  assert((acked & denied) == 0);                        /* G4: one answer */
#ifndef NO_ANNOUNCE
  /* No stuck event: the owner serves, in the epoch in which the journal is. */
  assert(rowQuarantined || (rowOwner != NONE && serving[rowOwner] == rowEpoch && rowEpoch == ep));
  assert(rowQuarantined || nextId == DECISIONS);
  no = 0;
  do
  :: no < OWNERS -> assert(serving[no] == 0 || no == rowOwner || rowQuarantined); no++
  :: else -> break
  od
#endif
}

init {
  byte i = 0;
  atomic {
#ifdef NO_ANNOUNCE
    journal[0].no = 1; journal[0].id = ANNOUNCE; rows = 1;
#endif
    do
    :: i < OWNERS -> run owner(i); i++
    :: else -> break
    od
  }
}
