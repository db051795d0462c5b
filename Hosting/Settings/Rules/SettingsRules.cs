namespace Shortline.Hosting;

/// <summary>Every rule between settings.</summary>
internal static class SettingsRules
{
    public static IReadOnlyList<ISettingsRule> All { get; } =
    [
        new AtLeastRule("server.max_count", "server.count"),
        new AboveRule("server.port_range_end", "server.port_range_start"),
        new AboveRule("client.port_range_end", "client.port_range_start"),
        new AboveRule("cluster.silo_port_range_end", "cluster.silo_port_range_start"),
        new ClusterPortsRule(),
        new ClusterDatabaseRule(),
        new ClusterCertificateRule(),
        new AtLeastRule("load_balancer.max_timeout_ms", "load_balancer.default_timeout_ms"),
        new AtLeastRule("load_balancer.ejection_max_ms", "load_balancer.ejection_ms"),
        new AtLeastRule("controller.stable_window_ms", "controller.panic_window_ms"),
        new DifferentPortsRule("load_balancer.server_side_port", "load_balancer.client_side_port", "controller.port"),
        new PortOutsideRangeRule("load_balancer.server_side_port", "server.port_range_start", "server.port_range_end"),
        new PortOutsideRangeRule("load_balancer.client_side_port", "server.port_range_start", "server.port_range_end"),
        new PortOutsideRangeRule("controller.port", "server.port_range_start", "server.port_range_end"),
    ];
}
