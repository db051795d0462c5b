using Shortline.Gateway.Tcp.Text;
using Shortline.Hosting.Logs;

namespace Shortline.Playground.Clients;

/// <summary>
/// The latest messages between clients, gateway and servers. Of the requests that clients send by themselves only some are followed, from
/// sending to answer, so that showing them does not slow the load. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="interval">The time between two requests that are followed.</param>
internal sealed class Conversation(TimeProvider time, TimeSpan interval)
{
    private const int Limit = 200;
    private const string Request = "request";
    private const string TextCommand = "text command";

    private readonly Lock _lock = new();
    private readonly Queue<ConversationLine> _lines = new();
    private readonly RateLimitedLog<string> _limit = new(time, interval);
    private long _skipped;
    private int _unread;

    /// <summary>One of how many requests was followed lately.</summary>
    public long OneOf => 1 + Interlocked.Read(ref _skipped);

    /// <summary>Whether the next request is followed. If not, the call takes no lock and allocates nothing.</summary>
    public bool Follows()
    {
        if (!_limit.TryPass(Request, out var skipped))
            return false;
        Interlocked.Exchange(ref _skipped, skipped);
        return true;
    }

    public void Add(ConversationKind kind, string text, long client = 0, string? server = null) =>
        Add(new ConversationLine(time.GetUtcNow(), kind, client, server, text));

    /// <summary>Adds what a client of the text protocol has asked for. Some of these are followed, as of the requests.</summary>
    public void Add(TextExchange exchange)
    {
        if (_limit.TryPass(TextCommand, out _))
            Add(new ConversationLine(time.GetUtcNow(), ConversationKind.Text, 0, exchange.Server, $"{exchange.Command}, {exchange.Took.TotalMilliseconds:F1} ms", $"{exchange.Client}"));
    }

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

    /// <summary>The lines since the last call, oldest first; only the last ones if there are very many.</summary>
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
