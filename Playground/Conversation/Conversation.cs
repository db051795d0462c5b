namespace Shortline.Playground;

/// <summary>
/// What clients, gateway and servers say to each other, the latest of it. Of the many requests of clients by themselves only some are
/// followed, from their sending to their answer, so that showing them costs the load nothing to speak of. Safe for any number of threads.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="interval">The time between two requests that are followed.</param>
internal sealed class Conversation(TimeProvider time, TimeSpan interval)
{
    private const int Limit = 200;
    private const string Request = "request";

    private readonly Lock _lock = new();
    private readonly Queue<ConversationLine> _lines = new();
    private readonly RateLimitedLog<string> _turns = new(time, interval);
    private long _skipped;
    private int _unread;

    /// <summary>A request of how many is followed, lately.</summary>
    public long OneOf => 1 + Interlocked.Read(ref _skipped);

    /// <summary>Whether the next request is followed. The answer no takes no lock and no memory.</summary>
    public bool Follows()
    {
        if (!_turns.TryPass(Request, out var skipped))
            return false;
        Interlocked.Exchange(ref _skipped, skipped);
        return true;
    }

    public void Add(ConversationKind kind, string text, long client = 0, string? server = null) =>
        Add(new ConversationLine(time.GetUtcNow(), kind, client, server, text));

    public void Add(ConversationLine line)
    {
        lock (_lock)
        {
            if (_lines.Count == Limit)
                _lines.Dequeue();
            _lines.Enqueue(line);
            _unread = Math.Min(_unread + 1, Limit);
        }
    }

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<ConversationLine> Latest(int most)
    {
        lock (_lock)
            return [.. _lines.Skip(Math.Max(0, _lines.Count - most))];
    }

    /// <summary>The lines since the last call, oldest first; of very many the last ones.</summary>
    public IReadOnlyList<ConversationLine> TakeNew()
    {
        lock (_lock)
        {
            IReadOnlyList<ConversationLine> lines = [.. _lines.Skip(_lines.Count - _unread)];
            _unread = 0;
            return lines;
        }
    }
}
