namespace Shortline.Gateway;

/// <summary>What the connections of a port are served with.</summary>
/// <param name="Dispatcher">Where requests go.</param>
internal sealed record TcpServices(Dispatcher Dispatcher)
{
    /// <summary>Requests of one connection that are not answered at most; no more are read until half of them are. At least 2.</summary>
    public int MaxUnanswered { get; init; } = 1024;

    /// <summary>The commands of the text protocol; null if the port speaks JSON alone.</summary>
    public ITextCommands? Text { get; init; }

    /// <summary>Answers that are sent as streams; null if there are none here.</summary>
    public IStreams? Streams { get; init; }
}
