using System.Globalization;

namespace Shortline.Bench.Simulation.Roles;

/// <summary>Prints what each role of a fleet handles as the fleet grows, so that one can see which is at its limit first.</summary>
internal static class RolesReport
{
    private const int ServersPerSilo = 10, SilosPerGateway = 20;

    /// <summary>At load 0.9 with a service time of 50 ms.</summary>
    private const double RequestsPerServer = 18;

    private static readonly int[] SiloCounts = [1, 10, 100, 300, 1000];

    internal static void Write(RoleCosts costs, TextWriter output)
    {
        output.WriteLine(Machine.Describe());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{ServersPerSilo} servers a silo, {RequestsPerServer} requests/s a server, a gateway for {SilosPerGateway} silos. Costs: a request {costs.Request:0.0} µs, a message {costs.Message:0.0} µs, a report {costs.Report:0.00} µs."));
        output.WriteLine();
        var table = new TextTable([
            "silos", "servers", "gateways", "requests/s",
            "gateway: messages/s", "CPU", "silo: messages/s", "CPU", "balancer: messages/s", "reports/s", "CPU", "controller: messages/s", "CPU",
        ]);
        foreach (var silos in SiloCounts)
        {
            var traffic = new RoleTraffic(silos, ServersPerSilo, Math.Max(1, silos / SilosPerGateway), RequestsPerServer);
            table.Add([
                $"{silos:N0}", $"{traffic.Servers:N0}", $"{traffic.Gateways}", $"{traffic.Requests:N0}",
                .. Cells(traffic.Gateway, costs), .. Cells(traffic.Silo, costs),
                $"{traffic.Balancer.Messages:N0}", $"{traffic.Balancer.Reports:N0}", Cpu(traffic.Balancer, costs),
                .. Cells(traffic.Controller, costs),
            ]);
        }

        table.Write(output);
    }

    private static string[] Cells(RoleLoad load, RoleCosts costs) => [$"{load.Messages:N0}", Cpu(load, costs)];

    private static string Cpu(RoleLoad load, RoleCosts costs) => costs.Processors(load).ToString("0.00", CultureInfo.InvariantCulture);
}
