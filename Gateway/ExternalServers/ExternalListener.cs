using System.Net;
using System.Net.Sockets;

namespace Shortline.Gateway;

/// <summary>The port where external servers report, for datagrams and for connections.</summary>
internal sealed class ExternalListener : IDisposable
{
    /// <summary>Connections at most: more are closed at once.</summary>
    private const int MaxConnections = ExternalServerId.Limit;

    /// <summary>How many ports are tried where the system chooses.</summary>
    private const int PortTries = 20;

    private readonly Socket _udp;
    private readonly Socket _tcp;
    private int _connections;

    private ExternalListener(Socket udp, Socket tcp) => (_udp, _tcp) = (udp, tcp);

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_udp.LocalEndPoint!;

    /// <summary>Binds the port.</summary>
    /// <exception cref="SocketException">It cannot be bound.</exception>
    public static ExternalListener Bind(IPEndPoint endPoint)
    {
        for (var left = endPoint.Port == 0 ? PortTries : 1; ; left--)
        {
            var udp = UdpTransports.BindSocket(endPoint, new UdpSocketOptions());
            var tcp = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                tcp.Bind(udp.LocalEndPoint!);
                tcp.Listen(64);
                return new ExternalListener(udp, tcp);
            }
            catch (SocketException) when (left > 1)
            {
                // The system gave a port for datagrams that somebody has for connections.
                (udp, tcp).DisposeBoth();
            }
            catch
            {
                (udp, tcp).DisposeBoth();
                throw;
            }
        }
    }

    /// <summary>Takes reports in until cancelled.</summary>
    public async Task Run(ExternalIntake intake, TimeSpan idleTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var end = cancellationToken.UnsafeRegister(listener => ((ExternalListener)listener!).Dispose(), this);
        await Task.WhenAll(ReceiveDatagrams(intake, cancellationToken), Accept(intake, idleTimeout, time, cancellationToken)).ConfigureAwait(false);
    }

    public void Dispose() => (_udp, _tcp).DisposeBoth();

    /// <summary>Nothing is answered: a sender can be made up, and then somebody else would get the answer.</summary>
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
                var peer = ((IPEndPoint)anyone.Create(sender)).Address;
                if (intake.Admits(peer))
                    intake.Take(peer, datagram.AsSpan(0, length));
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Something that an earlier datagram has done; the socket goes on.
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
                // The program was gone before it was taken in, or this process has no handles left: others may close meanwhile.
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Serve(Socket socket, ExternalIntake intake, TimeSpan idleTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var own = socket;
        try
        {
            if (Interlocked.Increment(ref _connections) <= MaxConnections && socket.RemoteEndPoint is IPEndPoint peer && intake.Admits(peer.Address))
                await new ExternalConnection(socket, peer.Address, intake).Run(idleTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It has gone, or was idle for too long, or the gateway stops.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
