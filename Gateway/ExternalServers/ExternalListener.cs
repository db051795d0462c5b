using System.Net;
using System.Net.Sockets;
using Shortline.Gateway.Tcp;
using Shortline.Gateway.Udp;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Text;
using Shortline.Protocol.Requests;

namespace Shortline.Gateway.ExternalServers;

/// <summary>The port on which external servers report, over UDP and TCP.</summary>
internal sealed class ExternalListener : IDisposable
{
    /// <summary>The maximum number of connections. Further ones are closed at once.</summary>
    private const int MaxConnections = ExternalServerId.Limit;

    /// <summary>How often a free port is requested until one is free for both UDP and TCP.</summary>
    private const int PortTries = 20;

    private readonly Socket _udp;
    private readonly Socket _tcp;
    private int _connections;

    private ExternalListener(Socket udp, Socket tcp) => (_udp, _tcp) = (udp, tcp);

    /// <summary>The address and port on which it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_udp.LocalEndPoint!;

    /// <summary>Binds the port.</summary>
    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public static ExternalListener Bind(IPEndPoint endPoint)
    {
        for (var left = endPoint.Port == 0 ? PortTries : 1; ; left--)
        {
            var udp = UdpTransports.BindSocket(endPoint, new UdpSocketOptions());
            var tcp = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                WildcardAddress.ServeIPv4Too(tcp, endPoint.Address);
                tcp.Bind(udp.LocalEndPoint!);
                tcp.Listen(64);
                return new ExternalListener(udp, tcp);
            }
            catch (SocketException) when (left > 1)
            {
                // The system chose a UDP port whose number is in use for TCP.
                udp.Dispose();
                tcp.Dispose();
            }
            catch
            {
                udp.Dispose();
                tcp.Dispose();
                throw;
            }
        }
    }

    /// <summary>Receives reports until cancelled.</summary>
    public async Task Run(ExternalIntake intake, TimeSpan idleTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var end = cancellationToken.UnsafeRegister(listener => ((ExternalListener)listener!).Dispose(), this);
        await Task.WhenAll(ReceiveDatagrams(intake, cancellationToken), Accept(intake, idleTimeout, time, cancellationToken)).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    /// <summary>
    /// Receives reports without answering: the source of a datagram can be forged, and a response would go to another host.
    /// </summary>
    private async Task ReceiveDatagrams(ExternalIntake intake, CancellationToken cancellationToken)
    {
        var datagram = new byte[RequestParser.MaxDatagram];
        var anyone = EndPoint;
        var sender = new SocketAddress(anyone.AddressFamily);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var length = await _udp.ReceiveFromAsync(datagram, SocketFlags.None, sender, cancellationToken).ConfigureAwait(false);
                var peer = PlainAddress.WithoutMapping(((IPEndPoint)anyone.Create(sender)).Address);
                if (intake.Admits(peer))
                    intake.Take(peer, datagram.AsSpan(0, length));
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The error concerns an earlier datagram; the socket still works.
            }
        }
    }

    private async Task Accept(ExternalIntake intake, TimeSpan idleTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                _ = Serve(await _tcp.AcceptAsync(cancellationToken).ConfigureAwait(false), intake, idleTimeout, time, cancellationToken);
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The external server disconnected early, or this process has no file handles left. Handles may become free during the
                // pause.
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Serve(Socket socket, ExternalIntake intake, TimeSpan idleTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var own = socket;
        try
        {
            if (Interlocked.Increment(ref _connections) <= MaxConnections && !OpenFiles.OfThisProcess.AreScarce(socket)
                && socket.RemoteEndPoint is IPEndPoint remote && PlainAddress.WithoutMapping(remote.Address) is var peer
                && intake.Admits(peer))
            {
                await new ExternalConnection(socket, peer, intake).Run(idleTimeout, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The external server disconnected or was idle for too long, or the gateway stops.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
