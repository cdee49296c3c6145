import { useEffect, useState } from 'preact/hooks';
import { count, moment } from '../kit/format.js';
import { Heading, Waiting } from '../kit/page-parts.js';
import { paths } from '../kit/router.js';
import { api, type SystemStatus } from '../shop.js';
import { StaffDoor, useStaff } from './staff-door.js';
import { staffTexts as texts } from './staff-texts.js';

/** Between two looks; none while nobody looks at the page. */
const lookMs = 2_000;

/** The system as one gateway sees it: what is alive, who owns what, what is quarantined. */
export function StatusPage() {
  const { token, isRefused, enter, refuse } = useStaff();
  if (token !== null) return <Board token={token} onRefused={refuse} />;
  return <StaffDoor title={texts.status} role="sre" isRefused={isRefused} onToken={enter} />;
}

function Board({ token, onRefused }: BoardProps) {
  const [after, setAfter] = useState('');
  const [status, isOld] = useStatus(token, after, onRefused);
  if (status === null) return <Waiting />;
  const { shards, quarantined, owners, next } = status;
  return (
    <div class="wide board">
      <header class="board-head">
        <Heading title={texts.status} />
        <p class={isOld ? 'live live-offline' : 'live live-live'}>
          {isOld ? texts.noAnswer : texts.asOf(moment(Date.parse(status.at), null))}
        </p>
      </header>
      <GatewayLine status={status} />
      {quarantined.length > 0 && (
        <section class="alarm" role="alert">
          <h2>{texts.quarantined}</h2>
          <p>{texts.quarantinedText}</p>
          <ul>
            {quarantined.map((one) => (
              <li key={one.event_id}>
                <b>{one.name === '' ? one.event_id : one.name}</b> {one.quarantined}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Shards shards={shards} />
      <Owners owners={owners} />
      <p class="board-pages">
        {after !== '' && (
          <button type="button" class="quiet" onClick={() => setAfter('')}>
            {texts.fromStart}
          </button>
        )}
        {next !== null && (
          <button type="button" class="quiet" onClick={() => setAfter(next)}>
            {texts.nextPage}
          </button>
        )}
      </p>
    </div>
  );
}

interface BoardProps {
  readonly token: string;
  readonly onRefused: () => void;
}

/** The last answer there was, and whether the last question had none. */
function useStatus(token: string, after: string, onRefused: () => void) {
  const [status, setStatus] = useState<SystemStatus | null>(null);
  const [isOld, setOld] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const look = async () => {
      const query = after === '' ? {} : { after };
      const answer = document.hidden ? null : await api.get('/v1/admin/status', { token, query });
      if (isOver) return;
      if (answer?.status === 401 || answer?.status === 403) return onRefused();
      if (answer?.status === 200) setStatus(answer.body);
      if (!document.hidden) setOld(answer?.status !== 200);
      timer = setTimeout(() => void look(), lookMs);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [token, after]);
  return [status, isOld] as const;
}

function GatewayLine({ status: { gateway } }: { readonly status: SystemStatus }) {
  const { missing, edge, sockets, streams } = gateway;
  return (
    <p class="board-line">
      <b>{texts.thisGateway}</b>
      <span class={missing.length === 0 ? 'stamp stamp-confirmed' : 'stamp stamp-pending'}>
        {missing.length === 0 ? texts.ready : texts.notReady(missing.join(', '))}
      </span>
      <span>
        {texts.edge} {edge}
      </span>
      <span>
        {count(sockets + streams)} {texts.watchers}
      </span>
    </p>
  );
}

function Shards({ shards }: Pick<SystemStatus, 'shards'>) {
  const heads = [texts.state, texts.events, texts.perSecond, texts.weight, texts.host];
  return (
    <section>
      <h2>{texts.shards}</h2>
      {shards.length === 0 && <p class="notice">{texts.noShard}</p>}
      <Table label={texts.shards} heads={[texts.shard, ...heads]}>
        {shards.map((shard) => (
          <tr key={shard.incarnation}>
            <th scope="row">{shard.incarnation}</th>
            <td>
              <span
                class={shard.state === 'active' ? 'stamp stamp-confirmed' : 'stamp stamp-pending'}
              >
                {texts.states[shard.state]}
              </span>
            </td>
            <td>{count(shard.events)}</td>
            <td>{count(Math.round(shard.commands_per_second))}</td>
            <td>{shard.weight}</td>
            <td>{shard.host}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Owners({ owners }: Pick<SystemStatus, 'owners'>) {
  const heads = [texts.event, texts.owner, texts.epoch, texts.pinned, texts.replayOf];
  return (
    <section>
      <h2>{texts.owners}</h2>
      <Table label={texts.owners} heads={heads}>
        {owners.map((one) => (
          <tr key={one.event_id}>
            <th scope="row">{one.name === '' ? one.event_id : one.name}</th>
            <td>
              {one.owner ?? <span class="quiet-text">{texts.nobody}</span>}{' '}
              {one.owner !== null && !one.owner_alive && (
                <span class="stamp stamp-pending">{texts.gone}</span>
              )}
            </td>
            <td>{one.epoch}</td>
            <td>{one.pinned_to ?? '–'}</td>
            <td>
              <a class="quiet-link" href={paths.replay(one.event_id)}>
                {texts.replayOf}
                <span class="unseen"> {one.name}</span>
              </a>
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

/** Wider than a phone: then it is moved, by keys too. */
const Table = ({ label, heads, children }: TableProps) => (
  <div class="board-table" tabIndex={0} role="region" aria-label={label}>
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);

interface TableProps {
  readonly label: string;
  readonly heads: readonly string[];
  readonly children: preact.ComponentChildren;
}
