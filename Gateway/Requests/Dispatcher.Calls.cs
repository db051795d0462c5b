using Orleans.Runtime;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Requests;

/// <content>Sends the requests of an outbox to a server.</content>
internal sealed partial class Dispatcher
{
    /// <summary>Starts the loop of a lane. The lanes of servers that are called directly need none.</summary>
    private void StartCalls(ServerLink link, CallLane lane)
    {
        if (link.IsCalledDirectly)
            return;

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
                    OnReceipt(link, lane, await link.Grain.Submit(lane.Batch.ToBatch(GatewayId), _self()).ConfigureAwait(false));
                }
                catch (Exception failure)
                {
                    TryOnCallFailed(link, lane, failure);
                }
            }
        }
    }

    /// <summary>Makes a call to a server of this process, or a grain call if the server is busy or not there.</summary>
    public void CallLocally(ServerLink link, CallLane lane, LocalRun run)
    {
        if (!TakeBatch(link, lane))
            return;

        var goesOn = false;
        try
        {
            if (!_localServers!.TrySubmit(ServerKey.DefaultPool, link.Id, lane.Batch.ToBatch(GatewayId), _local!, run.Memory, out var receipt))
            {
                _ = CallGrainAndGoOn(link, lane);
                return;
            }

            lock (run.Lock)
            {
                lock (_lock)
                {
                    OnReceipt(link, lane, receipt, run.Turn);
                    goesOn = MustGoOn(link, lane);
                }
            }
        }
        catch (Exception failure)
        {
            TryOnCallFailed(link, lane, failure);
            goesOn = MustGoOn(link, lane);
        }

        if (goesOn)
            _local!.Add(link, lane);
    }

    /// <summary>Settles responses that a server of this process has pushed.</summary>
    public void SettleLocally(in ResponseBatch responses, LocalRun run)
    {
        try
        {
            lock (run.Lock)
                OnResponses(responses, run.Turn);
        }
        catch (Exception fault)
        {
            Log.CallsGoOn(_log, fault, responses.ServerId);
        }
    }

    /// <summary>Logs a fault of this program after which it goes on.</summary>
    public void LogFault(Exception fault) => Log.CallsGoOn(_log, fault, "");

    /// <summary>Makes the call for which a batch has been taken.</summary>
    private async Task CallGrainAndGoOn(ServerLink link, CallLane lane)
    {
        try
        {
            OnReceipt(link, lane, await link.Grain.Submit(lane.Batch.ToBatch(GatewayId), _self()).ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            TryOnCallFailed(link, lane, failure);
        }

        if (MustGoOn(link, lane))
            _local!.Add([(link, lane)]);
    }

    /// <summary>Whether requests for the server have come during the call, so that another call is needed.</summary>
    private bool MustGoOn(ServerLink link, CallLane lane)
    {
        lock (_lock)
            return lane.Calling = !lane.Abandoned && link.Outbox.Count > 0;
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

    private void OnReceipt(ServerLink link, CallLane lane, in BatchReceipt receipt)
    {
        var turn = _turns.Get();
        OnReceipt(link, lane, receipt, turn);
        turn.Finish();
        _turns.Return(turn);
    }

    private void OnReceipt(ServerLink link, CallLane lane, in BatchReceipt receipt, DispatchTurn turn)
    {
        if (receipt.KeepsBatch)
            lane.RenewMemory();

        var now = _clock.Now;
        lock (_lock)
        {
            link.HungLanes.Remove(lane);
            if (lane is { Abandoned: false, CalledAt: { } calledAt })
            {
                link.Pace.Record(now - calledAt, lane.Batch.Count);
                lane.CalledAt = null;
                OnIncarnation(link, receipt.Done.Incarnation, lane.Call, now, turn);
            }

            Settle(link, receipt.Done, now, turn);
        }
    }

    /// <summary>
    /// Whether Orleans refused the call, so that it has not reached the server. Of a silo that became unavailable during the call nobody knows.
    /// </summary>
    private static bool ProvesThatNothingRan(Exception failure) =>
        failure is GatewayTooBusyException or (OrleansMessageRejectionException and not SiloUnavailableException);

    /// <summary>
    /// Sends the requests of a failed call to other servers, except those that may have run and must not run twice. What the server had
    /// before is another matter: it may be working on it.
    /// </summary>
    private void SettleFailedCall(ServerLink link, CallLane lane, bool nothingRan, long now, DispatchTurn turn)
    {
        var (given, lost) = (0, 0);
        foreach (ref readonly var request in lane.Batch.Requests)
        {
            if (!_requests.TryGet(request.Ticket, out var pending) || pending.Ticket != request.Ticket || pending.Server != link)
                continue;

            if (nothingRan)
                pending.HandedOver = false;
            if (MustNotRunAgain(pending))
            {
                lost++;
                AnswerUnserved(pending, ResponseStatus.Lost, "the call to its server failed; it may have run"u8, now, turn);
                continue;
            }

            given++;
            TakeBack(pending, link);
            DispatchOrWait(pending, now, turn);
        }

        Counters.Redispatched += given;
        LogGone(link, given, lost);
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
                SettleFailedCall(link, lane, ProvesThatNothingRan(failure), now, turn);
                lane.RenewMemory();
                Silence(link, now);
                if (failure is SiloUnavailableException && !_stopping && !link.IsLocal)
                {
                    SilenceSiloOf(link, now);
                }

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
