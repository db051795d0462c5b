using System.Net;
using System.Net.Sockets;

namespace Shortline.GrainInterfaces.ExternalServers;

/// <summary>
/// The ids of external servers. They begin with a word and a hyphen, so they differ from the ids of servers that the controller starts,
/// which are numbers.
/// </summary>
public static class ExternalServerId
{
    /// <summary>External servers in a pool at most.</summary>
    public const int Limit = 256;

    private const string Reporting = "ext-";
    private const string Text = "tcp-";

    /// <summary>The id of an external server that reports: <c>ext-7</c>.</summary>
    /// <param name="identity">The identity in its reports.</param>
    public static string Of(string identity) => Reporting + identity;

    /// <summary>The id of an external server that speaks the text protocol: <c>tcp-127.0.0.1-6001</c>.</summary>
    public static string Of(IPEndPoint server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.AddressFamily == AddressFamily.InterNetworkV6
            ? $"{Text}{server.Address.ToString().Replace(':', '_').Replace('%', '.')}-{server.Port}"
            : $"{Text}{server.Address}-{server.Port}";
    }

    /// <summary>Whether an id is that of an external server.</summary>
    public static bool IsOne(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.StartsWith(Reporting, StringComparison.Ordinal) || id.StartsWith(Text, StringComparison.Ordinal);
    }
}
