namespace Shortline.Gateway;

/// <content>From an outbox to a server.</content>
internal sealed partial class Dispatcher
{
    /// <summary>
    /// Makes the calls of one link, one at a time, for as long as the link lives: while a call is under way requests gather in the
    /// outbox, so a lone request waits for nothing and batches form only under load.
    /// </summary>
    private async Task RunCalls(ServerLink link)
    {
        while (true)
        {
            await link.Calls.WaitAsync().ConfigureAwait(false);
            while (TakeBatch(link))
            {
                try
                {
                    var receipt = await link.Grain.Submit(link.Batch.ToBatch(GatewayId), _self()).ConfigureAwait(false);
                    OnReceipt(link, receipt.Done);
                }
                catch (Exception failure)
                {
                    OnCallFailed(link, failure);
                }
            }
        }
    }

    private bool TakeBatch(ServerLink link)
    {
        var now = _clock.Now;
        lock (_lock)
        {
            link.Batch.Clear();
            while (!link.Batch.IsFull && link.Outbox.TryDequeue(out var ticket))
            {
                if (!_requests.TryGet(ticket, out var pending) || pending.Ticket != ticket)
                {
                    continue;
                }

                pending.HandedOver = true;
                link.Batch.Add(pending, (int)_clock.Milliseconds(pending.DeadlineAt - now));
            }

            if (link.Batch.Count == 0)
            {
                link.Calling = false;
                return false;
            }

            Counters.Calls++;
            return true;
        }
    }

    private void OnReceipt(ServerLink link, in ResponseBatch done)
    {
        var now = _clock.Now;
        var turn = _turns.Get();
        lock (_lock)
        {
            Settle(link, done, now, turn);
        }

        turn.Finish();
        _turns.Return(turn);
    }

    private void OnCallFailed(ServerLink link, Exception failure)
    {
        var now = _clock.Now;
        var turn = _turns.Get();
        lock (_lock)
        {
            Counters.FailedCalls++;
            MarkUnreachable(link);

            // The call may still be on its way with this memory: it is not used again.
            link.Batch = new BatchBuffer(_settings.BatchLimit);
            GiveToOthers(link, now, turn);
        }

        turn.Finish();
        _turns.Return(turn);
        if (_failureLog.TryPass(link.Id, out var suppressed))
        {
            Log.CallFailed(_log, link.Id, failure.Message, suppressed);
        }
    }
}
