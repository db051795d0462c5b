namespace Shortline.Gateway;

/// <summary>What the commands of the text protocol do at a port.</summary>
internal interface ITextCommands
{
    /// <summary>Carries a command out and sends its answer.</summary>
    /// <param name="kind">The command.</param>
    /// <param name="argument">Its argument; empty if it takes none.</param>
    /// <param name="client">Where the answer goes.</param>
    /// <returns>Whether the conversation may go on. If not, the connection is closed.</returns>
    ValueTask<bool> Answer(TextCommandKind kind, string argument, TcpConnection client);
}
