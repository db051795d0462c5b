using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp.Text;

namespace Shortline.Gateway.Tcp;

/// <summary>What serves the connections of a port.</summary>
/// <param name="Dispatcher">The dispatcher of their requests.</param>
internal sealed record TcpServices(Dispatcher Dispatcher)
{
    /// <summary>
    /// The maximum number of unanswered requests per connection, at least 2. When it is reached, reading pauses until half of them are
    /// answered.
    /// </summary>
    public int MaxUnanswered { get; init; } = 1024;

    /// <summary>The commands of the text protocol; null if the port accepts only JSON.</summary>
    public ITextCommands? Text { get; init; }

    /// <summary>The answers that are sent as streams; null if this port has none.</summary>
    public IStreams? Streams { get; init; }
}
