using Shortline.Protocol.Text;

namespace Shortline.Gateway.Tcp.Text;

/// <summary>The commands of the text protocol that a port serves.</summary>
internal interface ITextCommands
{
    /// <summary>Executes a command and sends its answer.</summary>
    /// <param name="kind">The command.</param>
    /// <param name="argument">The argument; empty for a command without one.</param>
    /// <param name="client">The connection of the client.</param>
    /// <returns>Whether the conversation continues. Otherwise the connection is closed.</returns>
    ValueTask<bool> Answer(TextCommandKind kind, string argument, TcpConnection client);
}
