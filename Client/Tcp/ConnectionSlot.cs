using Shortline.Client.Requests;

namespace Shortline.Client.Tcp;

/// <summary>
/// The connections to one gateway, or to one server at a time: the current connection, earlier ones that still have requests to answer, and
/// the backoff before a new one is opened after a failure.
/// </summary>
internal sealed class ConnectionSlot(int gateway, IDialer dialer, TimeProvider time, Random random, RequestChannel channel) : IDisposable
{
    /// <summary>The longest wait after the first failure; each further one is twice as long.</summary>
    private const int FirstWaitMs = 50;

    /// <summary>A gateway that is back is found within this time.</summary>
    private const int LongestWaitMs = 1000;

    private readonly Lock _lock = new();
    private readonly List<LineConnection> _left = [];
    private LineConnection? _connection;
    private long _number = 1;
    private long _notBefore = long.MinValue;
    private long _replaceAt;
    private int _failures;
    private bool _disposed;

    /// <summary>The number of the current connection, or of the one that the next request opens.</summary>
    public long Number => Volatile.Read(ref _number);

    /// <summary>
    /// Sends a request on a connection if that is still the current one. If the connection is old, the request is its last.
    /// </summary>
    public SendOutcome Send(long number, ReadOnlySpan<byte> request)
    {
        LineConnection connection;
        var isLast = false;
        lock (_lock)
        {
            if (_disposed || number != _number || (_connection is null && time.GetTimestamp() < _notBefore))
                return SendOutcome.NotSent;
            connection = _connection ??= Open();
            if (time.GetTimestamp() >= _replaceAt && connection.IsOpen)
            {
                TakeLeft();
                isLast = true;
            }
        }

        var isSent = connection.TrySend(request);
        if (isLast)
            connection.Leave();
        return isSent ? SendOutcome.Sent : SendOutcome.NotSent;
    }

    /// <summary>
    /// Sends nothing more on a connection, which closes when its requests are answered. The next request opens another one.
    /// </summary>
    public void Leave(long number)
    {
        LineConnection connection;
        lock (_lock)
        {
            if (number != _number || _connection is null)
                return;
            connection = TakeLeft();
        }

        dialer.Avoid();
        connection.Leave();
    }

    /// <summary>The connection of a number; null if it has ended.</summary>
    public LineConnection? Find(long number)
    {
        lock (_lock)
            return _connection?.Number == number ? _connection : _left.Find(left => left.Number == number);
    }

    /// <summary>Closes all connections. The channel gets no more events.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _connection?.Close();
            foreach (var connection in _left)
                connection.Close();
        }
    }

    private LineConnection TakeLeft()
    {
        var connection = _connection!;
        _left.Add(connection);
        _connection = null;
        _number++;
        return connection;
    }

    private LineConnection Open()
    {
        // A random part, so that not all clients move at the same time.
        _replaceAt = dialer.Lifetime == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : time.GetTimestamp() + (long)(dialer.Lifetime.TotalSeconds * (0.75 + (random.NextDouble() / 2)) * time.TimestampFrequency);
        var connection = new LineConnection(gateway, _number, channel, time);
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Slot.Run(work.Connection), (Slot: this, Connection: connection), preferLocal: false);
        return connection;
    }

    private async Task Run(LineConnection connection)
    {
        var end = await connection.Run(dialer);
        var isRefusal = end != ConnectionEnd.Broken || connection.HasUnanswered;
        if (isRefusal && (end == ConnectionEnd.TurnedAway || !connection.HasAnswered))
            dialer.Avoid(); // the peer may speak another protocol
        lock (_lock)
        {
            if (_disposed)
                return;
            _left.Remove(connection);
            if (connection != _connection)
            {
                isRefusal = false;
            }
            else
            {
                _connection = null;
                _number++;
                WaitAfter(connection.HasAnswered && end != ConnectionEnd.NotOpened);
            }
        }

        channel.OnConnectionEnded(gateway, connection.Number, end, isRefusal);
    }

    private void WaitAfter(bool success)
    {
        _failures = success ? 0 : _failures + 1;
        var wait = success ? 0 : Math.Min(LongestWaitMs, Backoff.Milliseconds(FirstWaitMs, _failures - 1, random.NextDouble()));
        _notBefore = time.GetTimestamp() + (long)(wait * time.TimestampFrequency / 1000);
    }
}
