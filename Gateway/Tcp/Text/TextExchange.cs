using System.Net;

namespace Shortline.Gateway.Tcp.Text;

/// <summary>A command of the text protocol that was answered.</summary>
/// <param name="Client">The client.</param>
/// <param name="Command">The command with its argument, as the client sent it: text from outside.</param>
/// <param name="Server">The id of the server whose port it came to; null for that of the gateway.</param>
/// <param name="Took">How long the answer took.</param>
public sealed record TextExchange(IPEndPoint Client, string Command, string? Server, TimeSpan Took);
