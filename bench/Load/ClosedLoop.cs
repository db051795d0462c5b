using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Shortline.Client.Tool.Load;
using Shortline.Gateway.Udp;

namespace Shortline.Bench.Load;

/// <summary>
/// Keeps a fixed number of requests outstanding, spread evenly over its peers: a peer sends its next request as soon as a response arrives.
/// It uses one thread and batched sockets, to take as little as possible of the machine that it shares with its target.
/// </summary>
internal sealed class ClosedLoop
{
    /// <summary>The most outstanding requests: as many as the slot part of an id can number.</summary>
    internal const int Limit = 1 << SlotBits;

    private const int SlotBits = 16;
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(20);

    private readonly LoadPeers _peers;
    private readonly PeerAddress _target;
    private readonly ulong[] _ids;
    private readonly long[] _sentAt;
    private readonly LatencyHistogram _latencies = new();

    // Ids must differ from those of an earlier run, or the gateway would response them as repeats. They start at the clock's millisecond,
    // and only 65,536 requests in each millisecond could overtake the start of a later run.
    private ulong _next = (ulong)Environment.TickCount64 << 32 >> SlotBits;
    private long _notOk;
    private long _lost;

    internal ClosedLoop(LoadPeers peers, IPEndPoint target, int outstanding)
    {
        _peers = peers;
        _target = PeerAddress.From(target);
        _ids = new ulong[outstanding];
        _sentAt = new long[outstanding];
    }

    internal LoadResult Run(TimeSpan warmUp, TimeSpan duration, IReadOnlyList<Process> target)
    {
        using var tick = TimeProvider.System.CreateTimer(_ => Tick(), null, TickInterval, TickInterval);
        for (var slot = 0; slot < _ids.Length; slot++)
            Send(slot, Stopwatch.GetTimestamp());
        _peers.Flush();
        RunUntil(Stopwatch.GetTimestamp() + ToTicks(warmUp));

        _latencies.Clear();
        _notOk = 0;
        _lost = 0;
        var (targetBefore, selfBefore) = (ProcessorTime(target), Environment.CpuUsage.TotalTime);
        var busyCores = new BusyCores();
        var start = Stopwatch.GetTimestamp();
        RunUntil(start + ToTicks(duration));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var targetSeconds = (ProcessorTime(target) - targetBefore).TotalSeconds;
        var selfSeconds = (Environment.CpuUsage.TotalTime - selfBefore).TotalSeconds;
        return new LoadResult
        {
            Seconds = seconds,
            Answered = _latencies.Count,
            NotOk = _notOk,
            Lost = _lost,
            P50 = _latencies.Percentile(50) / 1000.0,
            P99 = _latencies.Percentile(99) / 1000.0,
            TargetProcessor = targetSeconds,
            GeneratorProcessor = selfSeconds,
            BusyElsewhere = busyCores.Without(targetSeconds + selfSeconds),
        };
    }

    private void RunUntil(long end)
    {
        long now = 0;
        while (now < end)
        {
            foreach (var peer in _peers.WaitForResponses())
                now = TakeAll(peer);
        }
    }

    private long TakeAll(LoadPeer peer)
    {
        var count = peer.Receiver.Receive();
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            Take(peer.Receiver.Request(i), now);
        peer.Requests.Flush();
        return now;
    }

    private void Take(ReadOnlySpan<byte> response, long now)
    {
        if (response.IsEmpty)
            ReplaceLost(now);
        if (!EchoRequest.TryReadId(response, out var id))
            return;
        var slot = (int)(id & (Limit - 1));
        if (slot >= _ids.Length || _ids[slot] != id)
            return; // the request was counted as lost before
        if (EchoRequest.IsOk(response))
            _latencies.Record((long)Stopwatch.GetElapsedTime(_sentAt[slot], now).TotalNanoseconds);
        else
            _notOk++;
        Send(slot, now);
    }

    private void Send(int slot, long now)
    {
        var id = (_next++ << SlotBits) | (uint)slot;
        _ids[slot] = id;
        _sentAt[slot] = now;
        var requests = _peers.Of(slot).Requests;
        EchoRequest.Write(requests.Reserve(EchoRequest.Length), id);
        requests.Commit(in _target, EchoRequest.Length);
    }

    private void ReplaceLost(long now)
    {
        for (var slot = 0; slot < _ids.Length; slot++)
        {
            if (now - _sentAt[slot] < ToTicks(LostAfter))
                continue;
            _lost++;
            Send(slot, now);
        }

        _peers.Flush();
    }

    /// <summary>Sends an empty datagram to a peer, which wakes the loop even if no response arrives.</summary>
    private void Tick()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo([], _peers.Of(0).EndPoint);
    }

    private static TimeSpan ProcessorTime(IReadOnlyList<Process> processes)
    {
        var sum = TimeSpan.Zero;
        foreach (var process in processes)
        {
            process.Refresh();
            sum += process.TotalProcessorTime;
        }

        return sum;
    }

    private static long ToTicks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
