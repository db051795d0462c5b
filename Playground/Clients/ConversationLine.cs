namespace Shortline.Playground.Clients;

/// <summary>The kind of a line of the conversation.</summary>
internal enum ConversationKind
{
    /// <summary>A client sends a request to the gateway.</summary>
    Request,

    /// <summary>The server that the gateway chose answers, or the gateway itself does.</summary>
    Answer,

    /// <summary>A request ended in another way than <c>ok</c>.</summary>
    Failure,

    /// <summary>A client of the text protocol was answered by the gateway or by a server.</summary>
    Text,

    /// <summary>Something happened to the fleet.</summary>
    Fleet,
}

/// <summary>One line of the conversation.</summary>
/// <param name="At">The time.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Client">The client id; unused for events of the fleet.</param>
/// <param name="Server">The server that answered; null if none did.</param>
/// <param name="Text">The text.</param>
/// <param name="Address">The address of a client without an id.</param>
internal readonly record struct ConversationLine(DateTimeOffset At, ConversationKind Kind, long Client, string? Server, string Text, string? Address = null)
{
    /// <summary>The line as the screen shows it: <c>gateway → server 3 → 1004  ok, 16.2 ms</c>.</summary>
    public string Describe(bool unicode)
    {
        var arrow = unicode ? "→" : "->";
        return Kind switch
        {
            ConversationKind.Fleet => $"fleet: {Text}",
            ConversationKind.Text => $"{Address} {arrow} {(Server is null ? "gateway" : $"server {Server}")}  {Text}",
            ConversationKind.Request => $"{Client} {arrow} gateway  {Text}",
            _ when Server is null => $"gateway {arrow} {Client}  {Text}",
            _ => $"gateway {arrow} server {Server} {arrow} {Client}  {Text}",
        };
    }
}
