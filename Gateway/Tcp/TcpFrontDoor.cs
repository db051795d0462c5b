using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Shortline.Gateway;

/// <summary>Takes TCP connections in, at most a set number, and closes those on which nothing happens or whose answers nobody reads.</summary>
internal sealed partial class TcpFrontDoor : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Socket _listener;
    private readonly TcpConnections _connections;
    private readonly LoadBalancerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RateLimitedLog<string> _fullLog;
    private readonly RateLimitedLog<string> _faultLog;
    private ITimer? _look;

    /// <summary>Binds the port.</summary>
    /// <exception cref="SocketException">It cannot be bound.</exception>
    public TcpFrontDoor(IPEndPoint endPoint, TcpConnections connections, LoadBalancerSettings settings, TimeProvider time, ILogger log)
    {
        (_connections, _settings, _time, _log) = (connections, settings, time, log);
        _fullLog = new RateLimitedLog<string>(time, LookInterval);
        _faultLog = new RateLimitedLog<string>(time, LookInterval);
        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // What .NET sets on its own on Unix: a port whose last connections are still closing may be bound again; one that is in use may not.
            _listener.Bind(endPoint);
            _listener.Listen(512);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
    }

    /// <summary>Begins to take connections in.</summary>
    /// <param name="services">What they are served with.</param>
    public void Start(TcpServices services)
    {
        _ = Accept(services);
        _look = _time.CreateTimer(_ => CloseIdle(), null, LookInterval, LookInterval);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Takes no more connections in; those there are go on.</summary>
    public void StopAccepting() => _listener.Dispose();

    public void Dispose()
    {
        _listener.Dispose();
        _look?.Dispose();
        foreach (var connection in _connections.All())
            connection.Close();
    }

    private async Task Accept(TcpServices services)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException failure)
            {
                // The client was gone before it was taken in, or this process has no handles left: others may close meanwhile.
                NotAccepted(_log, failure.Message);
                await Task.Delay(LookInterval, _time).ConfigureAwait(false);
                continue;
            }

            _ = Serve(socket, services);
        }
    }

    private async Task Serve(Socket socket, TcpServices services)
    {
        TcpConnection? connection = null;
        try
        {
            connection = _connections.Add((number, generation) => new TcpConnection(socket, number, generation, services, _time));
            if (connection is null)
            {
                await TurnAway(socket).ConfigureAwait(false);
                return;
            }

            await connection.Run().ConfigureAwait(false);
            if (connection.Fault is { } fault)
                EndFaulty(connection, fault);
        }
        catch (SocketException)
        {
            // It was gone at once.
        }
        finally
        {
            if (connection is not null)
                _connections.Remove(connection);
            connection?.Dispose();
            socket.Dispose();
        }
    }

    private void EndFaulty(TcpConnection connection, string fault)
    {
        _connections.CountEnd(ConnectionEnd.BadCommand);
        if (_faultLog.TryPass("fault", out var suppressed))
            BadCommand(_log, connection.Remote, SafeText.Of(fault, 80), suppressed);
    }

    private async Task TurnAway(Socket socket)
    {
        _connections.CountEnd(ConnectionEnd.TurnedAway);
        if (_fullLog.TryPass("full", out var suppressed))
            Full(_log, _settings.MaxConnections, suppressed);
        await socket.SendAsync("{\"status\":\"rejected\",\"reason\":\"too many connections\",\"retry_after_ms\":1000}\n"u8.ToArray()).ConfigureAwait(false);
    }

    private void CloseIdle()
    {
        var now = _time.GetTimestamp();
        foreach (var connection in _connections.All())
        {
            // An answer comes by the end of the longest request, or never.
            var patienceMs = (long)_settings.IdleTimeoutMs + (connection.HasUnanswered ? _settings.MaxTimeoutMs : 0);
            var isIdle = _time.GetElapsedTime(connection.ActiveAt, now).TotalMilliseconds > patienceMs;
            if (!isIdle && !connection.IsOverfull)
                continue;
            _connections.CountEnd(isIdle ? ConnectionEnd.Idle : ConnectionEnd.Unread);
            connection.Close();
        }
    }

    [LoggerMessage(3211, LogLevel.Warning, "A connection was turned away: there are {Connections} (load_balancer.max_connections); {Suppressed} more since the last such line")]
    private static partial void Full(ILogger log, int connections, long suppressed);

    [LoggerMessage(3213, LogLevel.Warning, "The connection of {Client} was closed: {Fault}; {Suppressed} more since the last such line")]
    private static partial void BadCommand(ILogger log, IPEndPoint client, string fault, long suppressed);

    [LoggerMessage(3212, LogLevel.Warning, "A connection could not be taken in: {Failure}")]
    private static partial void NotAccepted(ILogger log, string failure);
}
