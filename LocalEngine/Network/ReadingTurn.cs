namespace Shortline.LocalEngine;

/// <summary>
/// A thread's time as the reader of a <see cref="Connection"/>. It runs short turns of grains, and what callers do with their results,
/// right where it is: to wake another thread for that costs more than most of it. Should one of them block, somebody else reads on.
/// </summary>
internal sealed class ReadingTurn(Connection connection)
{
    private const int Reading = 0;
    private const int Lending = 1;
    private const int Replaced = 2;

    [ThreadStatic]
    private static ReadingTurn? _ofThread;

    private int _state;
    private long _frames;
    private long _framesSeen = -1;

    /// <summary>Whether this thread reads that connection, and will soon send what is said meanwhile.</summary>
    public static bool IsOf(Connection connection) => _ofThread is { } turn && turn.Connection == connection && Volatile.Read(ref turn._state) != Replaced;

    /// <summary>Whether this thread reads any connection.</summary>
    public static bool IsAny => _ofThread is not null;

    private Connection Connection => connection;

    /// <summary>This thread reads from now on.</summary>
    public void Begin() => _ofThread = this;

    /// <summary>This thread does not read any more.</summary>
    public static void End() => _ofThread = null;

    /// <summary>
    /// What was read is in memory of its own now, and this thread runs code that is not the connection's: a turn of a grain, or what a caller does with a
    /// result. From here to the end of the frame another thread can take over.
    /// </summary>
    public static void Lend()
    {
        if (_ofThread is { } turn)
        {
            turn._frames++;
            Volatile.Write(ref turn._state, Lending);
        }
    }

    /// <returns>False if somebody else reads by now.</returns>
    public bool EndFrame() => Interlocked.CompareExchange(ref _state, Reading, Lending) != Replaced;

    /// <summary>To be asked now and then, by one thread: whether it is lent for the same frame as the last time. Then it reads no more.</summary>
    public bool TryReplace()
    {
        var frames = Volatile.Read(ref _frames);
        if (Volatile.Read(ref _state) != Lending || frames != _framesSeen)
        {
            _framesSeen = frames;
            return false;
        }

        return Interlocked.CompareExchange(ref _state, Replaced, Lending) == Lending;
    }
}
