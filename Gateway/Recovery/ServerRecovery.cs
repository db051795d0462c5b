using System.Diagnostics;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Logs;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Recovery;

/// <summary>
/// Learns the state of servers from what they send and do not send, and decides which requests leave them. It never touches a request: what
/// is to move is collected in an <see cref="Outgoing"/>.
/// </summary>
/// <remarks>Every method takes <see cref="ServerFleet.Lock"/>, or says that its caller holds it.</remarks>
internal sealed class ServerRecovery
{
    /// <summary>
    /// Sweeps run every few milliseconds. If there was none for this long and for half of the stall limit, this process was paused, and
    /// the time tells nothing about servers.
    /// </summary>
    private const int PauseMs = 100;

    private readonly ServerFleet _fleet;
    private readonly GrainCalls _calls;
    private readonly Clock _clock;
    private readonly GatewayCounters _counters;
    private readonly int _stallMs;
    private readonly CallWatch _callWatch;
    private readonly StallWatch _stalls;
    private readonly DepartureWatch _departures;
    private readonly Prober _prober;
    private readonly List<Destination> _lost = [];
    private readonly List<Destination> _added = [];
    private readonly List<(Destination Server, BatchBuffer Batch)> _failed = [];
    private long _sweptAt;

    public ServerRecovery(DispatcherParts parts, ServerFleet fleet, GrainCalls calls, Clock clock, GatewayCounters counters)
    {
        (_fleet, _calls, _clock, _counters) = (fleet, calls, clock, counters);
        (_stallMs, _sweptAt) = (parts.Settings.StallMs, clock.Now);
        var stallLog = new RateLimitedLog<string>(parts.Time, Dispatcher.LogInterval);
        _callWatch = new CallWatch(fleet, parts.Settings, calls, clock, counters, stallLog, parts.Log);
        _stalls = new StallWatch(fleet, _stallMs, clock, counters, stallLog, parts.Log);
        _departures = new DepartureWatch(fleet, clock);
        _prober = new Prober(fleet, _stallMs, clock, parts.Log);
    }

    /// <summary>Applies a ranking.</summary>
    public void OnRanking(ServerRanking ranking, long now, Outgoing outgoing)
    {
        lock (_fleet.Lock)
        {
            _lost.Clear();
            _added.Clear();
            _fleet.Apply(ranking, now, _lost, _added);
            foreach (var server in _added)
                _calls.Start(server);
            foreach (var server in _lost)
                DepartureWatch.OnLost(server, now, outgoing);
            foreach (var server in _fleet.Watched)
            {
                if (server is { Unreachable: false, Outbox.Count: > 0 })
                    outgoing.Call(server.Sender);
            }

            outgoing.WakesWaiting = true;
        }
    }

    /// <summary>Learns from responses that a server pushed.</summary>
    /// <returns>The server; null if it is not known any more.</returns>
    public Destination? OnPushed(in ResponseBatch batch, long now, Outgoing outgoing)
    {
        lock (_fleet.Lock)
        {
            if (!_fleet.TryGet(batch.ServerId, batch.Incarnation, out var server))
                return null;
            Hear(server, batch, server.Sender.Batch?.Call ?? long.MaxValue, now, outgoing);
            return server;
        }
    }

    /// <summary>Ends a call that has returned, and learns from its responses.</summary>
    public void OnReturned(BatchSender sender, in BatchReceipt receipt, long now, Outgoing outgoing)
    {
        var server = sender.Destination;
        lock (_fleet.Lock)
        {
            server.HungSenders.Remove(sender);
            var calledAt = sender.CalledAt;
            var batch = sender.End();
            Debug.Assert(batch is not null, "a call has a batch");
            if (sender.Abandoned)
            {
                // A former call tells nothing about the present one.
                Hear(server, receipt.Done, firstCall: 0, now, outgoing);
                return;
            }

            server.Pace.Record(now - (calledAt ?? now), batch.Count);
            Hear(server, receipt.Done, batch.Call, now, outgoing);
            if (!receipt.KeepsBatch)
                _fleet.Batches.Return(batch);
        }
    }

    /// <summary>Ends a call whose server has the requests and has not said anything yet.</summary>
    public void OnAccepted(BatchSender sender)
    {
        lock (_fleet.Lock)
        {
            sender.Destination.HungSenders.Remove(sender);
            if (sender.End() is { } batch && !sender.Abandoned)
                _fleet.Batches.Return(batch);
        }
    }

    /// <summary>Ends an abandoned call that did not reach its server: what has stayed with it goes elsewhere.</summary>
    public void OnRefused(BatchSender sender, Outgoing outgoing)
    {
        lock (_fleet.Lock)
        {
            sender.Destination.HungSenders.Remove(sender);
            if (sender.End() is { } batch)
                outgoing.Moves.AddBatch(sender.Destination, batch, MoveRule.CallRefused);
        }
    }

    /// <summary>Ends calls that have failed for the same reason.</summary>
    /// <returns>A server for which that is news, as an abandoned call fails unnoticed; null if there is none.</returns>
    public Destination? OnCallsFailed(ReadOnlySpan<BatchSender> senders, Exception failure, bool isStopping, long now, Outgoing outgoing)
    {
        lock (_fleet.Lock)
        {
            // All end before a server is silenced, because that abandons the calls that are under way.
            _failed.Clear();
            foreach (var sender in senders)
            {
                _counters.FailedCalls++;
                sender.Destination.HungSenders.Remove(sender);

                // Its memory is not used again: the call may still be on its way.
                if (sender.End() is { } batch && !sender.Abandoned)
                    _failed.Add((sender.Destination, batch));
            }

            _callWatch.OnCallsFailed(_failed, failure, now, outgoing, isStopping);
            return _failed is [var first, ..] ? first.Server : null;
        }
    }

    /// <summary>Whether this process was paused since the last sweep. The pause then does not count as silence of any server.</summary>
    public bool WasPaused(long now)
    {
        lock (_fleet.Lock)
        {
            var gap = now - _sweptAt;
            _sweptAt = now;
            if (_clock.Milliseconds(gap) <= Math.Max(PauseMs, _stallMs / 2))
                return false;

            foreach (var server in _fleet.Watched)
            {
                server.ProgressAt = Math.Min(now, server.ProgressAt + gap);
                server.OthersTriedAt = Math.Min(now, server.OthersTriedAt + gap);
                if (server.Sender.CalledAt is { } calledAt)
                    server.Sender.CalledAt = Math.Min(now, calledAt + gap);
            }

            return true;
        }
    }

    /// <summary>Finds calls that do not return.</summary>
    public void FindHungCalls(long now, Outgoing outgoing)
    {
        lock (_fleet.Lock)
            _callWatch.EjectHung(now, outgoing);
    }

    /// <summary>Finds calls that were lost on their way.</summary>
    public void FindLostCalls(Outgoing outgoing)
    {
        lock (_fleet.Lock)
            _callWatch.ResendLostCalls(outgoing);
    }

    /// <summary>Finds servers that complete nothing.</summary>
    public void FindStalled(long now, Outgoing outgoing)
    {
        lock (_fleet.Lock)
            _stalls.EjectStalled(now, outgoing);
    }

    /// <summary>Settles servers that have left the ranking, and finds the ones to probe.</summary>
    public void FindLeft(long now, Outgoing outgoing)
    {
        lock (_fleet.Lock)
        {
            _departures.SettleLeft(now, outgoing);
            _prober.Collect(now, outgoing);
            _fleet.PruneWatched();
        }
    }

    /// <summary>Forgets servers that have left the ranking, after their requests have moved.</summary>
    public void Forget(List<Destination> servers)
    {
        lock (_fleet.Lock)
        {
            foreach (var server in servers)
            {
                if (server.Retired && _fleet.Forget(server))
                    _calls.Forget(server);
            }
        }
    }

    /// <summary>Asks a server for its report. Called without a lock.</summary>
    public Task<ServerResponse?> Probe(Destination server) => _prober.Probe(server);

    /// <summary>Handles the result of a probe.</summary>
    /// <param name="server">The server.</param>
    /// <param name="report">Its report; null if the call failed.</param>
    /// <param name="now">The current timestamp.</param>
    /// <param name="outgoing">Collects what follows.</param>
    public void OnProbed(Destination server, ServerResponse? report, long now, Outgoing outgoing)
    {
        lock (_fleet.Lock)
        {
            server.Probe = (server.Probe.At, server.Probe.Answered || report is not null);
            if (report is not { Incarnation: not 0 } || report.Incarnation != server.Queue.Incarnation)
            {
                DepartureWatch.GiveUpIfLeft(server, outgoing);
                return;
            }

            server.HeardAt = now;
            server.Learn(new QueueState(report.Incarnation, report.Sequence, report.Load, Math.Min(report.Load, server.InFlight)), now);
            server.Stalled &= report.Load > 0;
            if (server.Unreachable)
            {
                server.Unreachable = false;
                Resume(server, outgoing);
            }
        }
    }

    /// <summary>Learns from the responses of a server. The caller holds the lock.</summary>
    /// <param name="server">The server.</param>
    /// <param name="batch">The responses.</param>
    /// <param name="firstCall">
    /// The first call that the responding activation may have received. If it is a new one, it does not know the requests of earlier calls.
    /// Without this the next ranking would bring nothing new, and those requests would wait for their deadlines.
    /// </param>
    /// <param name="now">The current timestamp.</param>
    /// <param name="outgoing">Collects what follows.</param>
    private static void Hear(Destination server, in ResponseBatch batch, long firstCall, long now, Outgoing outgoing)
    {
        var known = server.Queue.Incarnation;
        if (batch.Incarnation >= known)
        {
            if (known != 0 && batch.Incarnation > known)
                outgoing.Moves.AddLeftBefore(server, firstCall, MoveRule.Restarted);
            server.HeardAt = now;
            if (HasProgress(batch))
            {
                server.ProgressAt = now;
                server.Stalled = false;
            }

            if (server.Unreachable)
            {
                server.Unreachable = false;
                Resume(server, outgoing);
            }
        }

        server.Learn(new QueueState(batch.Incarnation, batch.Sequence, batch.QueueLength + batch.InService, batch.OfThisGateway), now);
    }

    /// <summary>Whether the server has completed a request: one that it rejected is no progress.</summary>
    private static bool HasProgress(in ResponseBatch batch)
    {
        foreach (ref readonly var response in batch.Responses.Span)
        {
            if (response.Status != ResponseStatus.Rejected)
                return true;
        }

        return false;
    }

    /// <summary>Resumes a server that is heard from again. It gets the requests that no other server could take.</summary>
    private static void Resume(Destination server, Outgoing outgoing)
    {
        if (server.Outbox.Count > 0)
            outgoing.Call(server.Sender);
        outgoing.WakesWaiting = true;
    }
}
