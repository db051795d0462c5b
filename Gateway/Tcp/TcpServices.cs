using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp.Text;

namespace Shortline.Gateway.Tcp;

/// <summary>What serves the connections of a port.</summary>
/// <param name="Dispatcher">The dispatcher of their requests.</param>
internal sealed record TcpServices(Dispatcher Dispatcher)
{
    /// <summary>
    /// The maximum number of unanswered requests per connection, at least 2. When it is reached, reading pauses until half of them are
    /// answered. It is lower for a client with long requests, so that those of a connection have about <see cref="UnansweredBytes"/>.
    /// </summary>
    public int MaxUnanswered { get; init; } = 1024;

    /// <summary>The bytes of unanswered requests per connection, if they are more than two.</summary>
    public int UnansweredBytes { get; init; } = 256 * 1024;

    /// <summary>The memory that unread answers may take.</summary>
    public MemoryBudget Memory { get; init; } = new(long.MaxValue);

    /// <summary>The commands of the text protocol; null if the port accepts only JSON.</summary>
    public ITextCommands? Text { get; init; }

    /// <summary>Notes the commands of the text protocol; null without.</summary>
    public TextJournal? Journal { get; init; }

    /// <summary>The answers that are sent as streams; null if this port has none.</summary>
    public IStreams? Streams { get; init; }
}
