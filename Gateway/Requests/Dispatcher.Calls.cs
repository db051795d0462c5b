using Orleans.Runtime;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Gateway.Requests;

/// <content>Sends the requests of an outbox to a server.</content>
internal sealed partial class Dispatcher
{
    /// <summary>Starts the loop of a lane.</summary>
    private void StartCalls(ServerLink link, CallLane lane)
    {
        // The loop must not keep the execution context of the ranking or response that happened to start it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = RunCalls(link, lane);
        }
    }

    /// <summary>
    /// Makes the calls of one lane, one at a time, until the lane is abandoned. Requests collect in the outbox during a call, so a lone
    /// request leaves at once and batches form only under load.
    /// </summary>
    private async Task RunCalls(ServerLink link, CallLane lane)
    {
        while (!lane.Abandoned)
        {
            await lane.Signal.WaitAsync().ConfigureAwait(false);
            while (TakeBatch(link, lane))
            {
                try
                {
                    var receipt = await link.Grain.Submit(lane.Batch.ToBatch(GatewayId), _self()).ConfigureAwait(false);
                    if (receipt.KeepsBatch)
                        lane.RenewMemory();
                    OnReceipt(link, lane, receipt.Done);
                }
                catch (Exception failure)
                {
                    TryOnCallFailed(link, lane, failure);
                }
            }
        }
    }

    private bool TakeBatch(ServerLink link, CallLane lane)
    {
        var now = _clock.Now;
        lock (_lock)
        {
            if (lane.Abandoned)
            {
                return false;
            }

            lane.Batch.Clear();
            lane.Call = ++link.Calls;
            while (!lane.Batch.IsFull && link.Outbox.TryDequeue(out var ticket))
            {
                if (!_requests.TryGet(ticket, out var pending) || pending.Ticket != ticket || pending.Server != link)
                {
                    continue;
                }

                pending.HandedOver = true;
                pending.Call = lane.Call;
                lane.Batch.Add(pending, (int)_clock.Milliseconds(pending.DeadlineAt - now));
            }

            if (lane.Batch.Count == 0)
            {
                lane.Calling = false;
                return false;
            }

            lane.CalledAt = now;
            Counters.Calls++;
            return true;
        }
    }

    private void OnReceipt(ServerLink link, CallLane lane, in ResponseBatch done)
    {
        var now = _clock.Now;
        var turn = _turns.Get();
        lock (_lock)
        {
            link.HungLanes.Remove(lane);
            if (lane is { Abandoned: false, CalledAt: { } calledAt })
            {
                link.Pace.Record(now - calledAt, lane.Batch.Count);
                lane.CalledAt = null;
                OnIncarnation(link, done.Incarnation, lane.Call, now, turn);
            }

            Settle(link, done, now, turn);
        }

        turn.Finish();
        _turns.Return(turn);
    }

    /// <summary>As <see cref="OnCallFailed"/>. It must not throw, because nobody would make the calls of the lane any more.</summary>
    private void TryOnCallFailed(ServerLink link, CallLane lane, Exception failure)
    {
        try
        {
            OnCallFailed(link, lane, failure);
        }
        catch (Exception fault)
        {
            Log.CallsGoOn(_log, fault, link.Id);
        }
    }

    private void OnCallFailed(ServerLink link, CallLane lane, Exception failure)
    {
        var now = _clock.Now;
        var turn = _turns.Get();
        lock (_lock)
        {
            Counters.FailedCalls++;
            lane.CalledAt = null;
            link.HungLanes.Remove(lane);
            if (!lane.Abandoned)
            {
                lane.RenewMemory();
                MarkUnreachable(link);
                if (failure is SiloUnavailableException)
                {
                    SilenceSiloOf(link, now);
                }

                GiveToOthers(link, now, turn);
                GiveAway(now, turn);
            }
        }

        turn.Finish();
        _turns.Return(turn);
        if (!lane.Abandoned && _failureLog.TryPass(link.Id, out var suppressed))
        {
            Log.CallFailed(_log, link.Id, failure.Message.TrimEnd('.'), suppressed);
        }
    }
}
