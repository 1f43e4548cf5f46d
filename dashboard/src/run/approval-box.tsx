/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { vote, type Approval, type Decision } from '../api/approvals.client.js';
import { textOf } from '../ui/text-of.js';

const Votes = ({ approval: { votes } }: { approval: Approval }): JSX.Element => (
  <ul class="votes">
    {votes.map(({ by, decision, at, comment }) => (
      <li key={`${by} ${decision}`}><bdi>{by}</bdi> {decision === 'approve' ? 'approved' : 'denied'} <time dateTime={at}>{new Date(at).toLocaleString()}</time>{comment && <>: <bdi>{comment}</bdi></>}</li>
    ))}
  </ul>
);

const Answer = ({ id }: { id: string }): JSX.Element => {
  const [comment, setComment] = useState('');
  const [answer, setAnswer] = useState<string>();
  const give = async (decision: Decision): Promise<void> => {
    setAnswer('…');
    setAnswer(await vote(id, decision, comment).then(({ detail }) => detail, textOf));
  };
  return (
    <form class="approve" onSubmit={(event) => { event.preventDefault(); void give('approve'); }}>
      <label>Comment <input maxLength={500} value={comment} onInput={(event) => setComment(event.currentTarget.value)} /></label>
      <button type="submit">Approve</button>
      <button type="button" class="danger" onClick={() => void give('deny')}>Deny</button>
      {answer && <span role="status">{answer}</span>}
    </form>
  );
};

/** Who is asked and who said what; while it is open, also the buttons. Whether the one who presses them may is the server's to say. */
export const ApprovalBox = ({ approval }: { approval: Approval }): JSX.Element => (
  <div class="approval" data-approval={approval.state}>
    <p class="dim">Approval by {approval.by.join(' or ')}{approval.count > 1 && `, ${approval.count} people`}{approval.until && <>, until <time dateTime={approval.until}>{new Date(approval.until).toLocaleString()}</time></>}: {approval.state}</p>
    {approval.votes.length > 0 && <Votes approval={approval} />}
    {approval.state === 'requested' && <Answer key={approval.id} id={approval.id} />}
  </div>
);
