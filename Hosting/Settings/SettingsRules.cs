using Microsoft.Extensions.Options;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Hosting.Settings;

/// <summary>Checks what must hold between settings that are each allowed by themselves. Each method is one rule.</summary>
internal sealed class SettingsRules(SettingsInput input) : IValidateOptions<ShortlineSettings>
{
    private const string SiloPorts = "cluster.silo_port_range_start";
    private const string SiloPortsEnd = "cluster.silo_port_range_end";
    private const string GatewayPorts = "cluster.client_port_range_start";
    private const string LinkPorts = "cluster.link_port_range_start";
    private const string ServerPorts = "server.port_range_start";
    private const string ServerPortsEnd = "server.port_range_end";
    private const string Membership = "cluster.membership";
    private const int PortAfterLast = 65_536;

    private static readonly string[] OwnPorts = ["load_balancer.server_side_port", "load_balancer.client_side_port", "controller.port"];

    public ValidateOptionsResult Validate(string? name, ShortlineSettings options)
    {
        string[] faults =
        [
            .. AtLeast(options, "server.max_count", "server.count"),
            .. Above(options, ServerPortsEnd, ServerPorts),
            .. Above(options, "client.port_range_end", "client.port_range_start"),
            .. Above(options, SiloPortsEnd, SiloPorts),
            .. PortRangesAreApart(options),
            .. MembershipHasWhatItNeeds(options),
            .. OnlyACertificateHasAKey(options),
            .. AtLeast(options, "load_balancer.max_timeout_ms", "load_balancer.default_timeout_ms"),
            .. AtLeast(options, "load_balancer.ejection_max_ms", "load_balancer.ejection_ms"),
            .. AtLeast(options, "controller.stable_window_ms", "controller.panic_window_ms"),
            .. OwnPortsDiffer(options),
            .. OwnPortsAreNotTheServers(options),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> AtLeast(ShortlineSettings settings, string upper, string lower)
    {
        if (input.Number(settings, upper) < input.Number(settings, lower))
            yield return input.Contradiction(settings, upper, lower, $"at least {lower}");
    }

    private IEnumerable<string> Above(ShortlineSettings settings, string upper, string lower)
    {
        if (input.Number(settings, upper) <= input.Number(settings, lower))
            yield return input.Contradiction(settings, upper, lower, $"above {lower}");
    }

    // A silo has one port of each range, so the ranges are equally long. Links have none if they take any free port.
    private IEnumerable<string> PortRangesAreApart(ShortlineSettings settings) =>
    [
        .. RangesAreApart(settings, GatewayPorts, SiloPorts),
        .. input.Number(settings, LinkPorts) is 0
            ? []
            : RangesAreApart(settings, LinkPorts, SiloPorts) is [_, ..] faults ? faults : RangesAreApart(settings, LinkPorts, GatewayPorts),
    ];

    /// <summary>Checks that a range that is as long as the one for silos does not overlap with another one that is as long.</summary>
    private string[] RangesAreApart(ShortlineSettings settings, string first, string other)
    {
        if (input.Number(settings, first) is not { } ports
            || input.Number(settings, other) is not { } others
            || input.Number(settings, SiloPorts) is not { } start
            || input.Number(settings, SiloPortsEnd) is not { } end
            || end <= start)
        {
            return [];
        }

        var length = end - start;
        if (ports + length > PortAfterLast)
            return [input.Contradiction(settings, first, SiloPortsEnd, $"at most {PortAfterLast - length}, because silos have {length} ports up to {SiloPortsEnd}")];
        return ports < others + length && others < ports + length
            ? [input.Contradiction(settings, first, other, $"a port at least {length} away from {other}, because both ranges have {length} ports")]
            : [];
    }

    private IEnumerable<string> MembershipHasWhatItNeeds(ShortlineSettings settings)
    {
        const string Address = "cluster.address";
        const string Database = "cluster.connection_string";
        var cluster = settings.Cluster;
        if (cluster.Membership is ClusterSettings.PostgreSql or ClusterSettings.Redis && cluster.ConnectionString.Length == 0 && !input.IsWrong(Database))
            yield return input.Contradiction(settings, Database, Membership, $"required with {Membership} {cluster.Membership}");
        if (cluster.Membership == ClusterSettings.Sqlite && cluster.Address != new ClusterSettings().Address && !input.IsWrong(Membership))
        {
            yield return input.Contradiction(
                settings, Address, Membership, $"127.0.0.1, because silos on other machines need {Membership} {ClusterSettings.PostgreSql} or {ClusterSettings.Redis}");
        }
    }

    // Without a certificate they would be ignored, and nothing encrypted.
    private string[] OnlyACertificateHasAKey(ShortlineSettings settings)
    {
        var (cluster, gateway) = (settings.Cluster, settings.LoadBalancer);
        return
        [
            .. EmptyWithout(
                settings, "cluster.certificate", cluster.Certificate,
                ("_key", cluster.CertificateKey), ("_password", cluster.CertificatePassword), ("_authority", cluster.CertificateAuthority)),
            .. EmptyWithout(
                settings, "load_balancer.certificate", gateway.Certificate,
                ("_key", gateway.CertificateKey), ("_password", gateway.CertificatePassword)),
        ];
    }

    private IEnumerable<string> EmptyWithout(
        ShortlineSettings settings, string certificate, string value, params (string Ending, string Value)[] others)
    {
        if (value.Length > 0 || input.IsWrong(certificate))
            yield break;
        foreach (var (ending, other) in others)
        {
            if (other.Length > 0)
                yield return input.Contradiction(settings, certificate + ending, certificate, $"empty, because {certificate} is");
        }
    }

    // One process may listen on all of them. 0 takes a free port, which never collides.
    private IEnumerable<string> OwnPortsDiffer(ShortlineSettings settings) =>
        from i in Enumerable.Range(0, OwnPorts.Length)
        from earlier in OwnPorts[..i]
        where input.Number(settings, OwnPorts[i]) is > 0 and var port && port == input.Number(settings, earlier)
        select input.Contradiction(settings, OwnPorts[i], earlier, $"another port than {earlier}, because one process may listen on both");

    private IEnumerable<string> OwnPortsAreNotTheServers(ShortlineSettings settings) =>
        from own in OwnPorts
        where input.Number(settings, own) >= input.Number(settings, ServerPorts)
            && input.Number(settings, own) < input.Number(settings, ServerPortsEnd)
        select input.Contradiction(settings, own, ServerPorts, $"a port outside {ServerPorts} to {ServerPortsEnd}, which servers take");
}
