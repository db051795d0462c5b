using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Shortline.Client.Tool.Load;
using Shortline.Gateway.Udp;

namespace Shortline.Bench.Load;

/// <summary>
/// Keeps a fixed number of requests outstanding, spread evenly over its peers: each answer is followed by that peer's next request at
/// once. One thread, batched sockets, so that the generator costs as little as can be of the machine it shares with its target.
/// </summary>
internal sealed class ClosedLoop
{
    /// <summary>Most requests outstanding: the part of an id that names the place.</summary>
    internal const int Limit = 1 << PlaceBits;

    private const int PlaceBits = 16;
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(20);

    private readonly LoadPeers _peers;
    private readonly PeerAddress _target;
    private readonly ulong[] _ids;
    private readonly long[] _sentAt;
    private readonly LatencyHistogram _latencies = new();

    // Ids of one run must not meet those of another, or they would be answered as repeats. They start at the clock's millisecond and
    // would have to rise by 65,536 in each of them to overtake it.
    private ulong _next = (ulong)Environment.TickCount64 << 32 >> PlaceBits;
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
        for (var place = 0; place < _ids.Length; place++)
            Ask(place, Stopwatch.GetTimestamp());
        _peers.Flush();
        Until(Stopwatch.GetTimestamp() + ToTicks(warmUp));

        _latencies.Clear();
        _notOk = 0;
        _lost = 0;
        var (targetBefore, selfBefore) = (ProcessorTime(target), Environment.CpuUsage.TotalTime);
        var busyCores = new BusyCores();
        var start = Stopwatch.GetTimestamp();
        Until(start + ToTicks(duration));
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
            BusyElsewhere = busyCores.Beside(targetSeconds + selfSeconds),
        };
    }

    private void Until(long end)
    {
        long now = 0;
        while (now < end)
        {
            foreach (var peer in _peers.WaitForAnswers())
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

    private void Take(ReadOnlySpan<byte> answer, long now)
    {
        if (answer.IsEmpty)
            AskAgainForLost(now);
        if (!EchoRequest.TryReadId(answer, out var id))
            return;
        var place = (int)(id & (Limit - 1));
        if (place >= _ids.Length || _ids[place] != id)
            return; // came after it was counted as lost
        if (EchoRequest.IsOk(answer))
            _latencies.Record((long)Stopwatch.GetElapsedTime(_sentAt[place], now).TotalNanoseconds);
        else
            _notOk++;
        Ask(place, now);
    }

    private void Ask(int place, long now)
    {
        var id = (_next++ << PlaceBits) | (uint)place;
        _ids[place] = id;
        _sentAt[place] = now;
        var requests = _peers.Of(place).Requests;
        EchoRequest.Write(requests.Reserve(EchoRequest.Length), id);
        requests.Commit(in _target, EchoRequest.Length);
    }

    private void AskAgainForLost(long now)
    {
        for (var place = 0; place < _ids.Length; place++)
        {
            if (now - _sentAt[place] < ToTicks(LostAfter))
                continue;
            _lost++;
            Ask(place, now);
        }

        _peers.Flush();
    }

    /// <summary>An empty datagram to a peer wakes the loop even if nothing else does.</summary>
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
