using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Shortline.System.Tests.Hostile;

/// <summary>Floods of datagrams.</summary>
internal static class UdpAttacks
{
    private const int Seed = 1;

    /// <summary>Sends hostile datagrams at a rate. Nobody reads the answers.</summary>
    /// <returns>The number of datagrams.</returns>
    internal static Task<long> Flood(IPEndPoint gateway, HostileKind kind, double rate, CancellationToken stop) =>
        Task.Factory.StartNew(() => Send(gateway, kind, rate, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static long Send(IPEndPoint gateway, HostileKind kind, double rate, CancellationToken stop)
    {
        using var socket = new Socket(gateway.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(gateway);
        var datagrams = new HostileDatagrams(kind, Seed);
        var started = Stopwatch.GetTimestamp();
        var sent = 0L;
        while (!stop.IsCancellationRequested)
        {
            var due = (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * rate);
            if (sent >= due)
                stop.WaitHandle.WaitOne(millisecondsTimeout: 1);
            for (; sent < due && !stop.IsCancellationRequested; sent++)
                socket.Send(datagrams.Next().Span, SocketFlags.None, out _);
        }

        return sent;
    }
}
