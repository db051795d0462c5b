namespace Shortline.Hosting;

/// <summary>What a claim says about its silo.</summary>
/// <param name="ClusterId">The cluster it belongs to.</param>
/// <param name="SiloPort">Where it listens for silos.</param>
/// <param name="ClientPort">Where it listens for gateways.</param>
/// <param name="FirstSiloPort">The silo port of the cluster's first silo.</param>
internal sealed record ClaimedPorts(string ClusterId, int SiloPort, int ClientPort, int FirstSiloPort)
{
    public override string ToString() => $"{ClusterId} {SiloPort} {ClientPort} {FirstSiloPort}";

    /// <summary>Reads what <see cref="ToString"/> writes; null if it is something else.</summary>
    public static ClaimedPorts? Parse(string text) =>
        text.Trim().Split(' ') is [var id, var silo, var client, var first]
        && int.TryParse(silo, out var siloPort) && int.TryParse(client, out var clientPort) && int.TryParse(first, out var firstPort)
            ? new ClaimedPorts(id, siloPort, clientPort, firstPort)
            : null;
}
