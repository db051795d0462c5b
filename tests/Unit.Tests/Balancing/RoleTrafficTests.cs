using Shortline.Bench.Simulation.Roles;

namespace Shortline.Unit.Tests.Balancing;

public sealed class RoleTrafficTests
{
    [Fact]
    public void What_is_sent_is_received()
    {
        var fleet = new RoleTraffic(Silos: 100, ServersPerSilo: 10, Gateways: 5, RequestsPerServer: 18);
        Assert.Equal(18_000, fleet.Requests);
        Assert.Equal(fleet.Requests, fleet.Gateways * fleet.Gateway.Requests, tolerance: 1e-6);
        Assert.Equal(fleet.Requests, fleet.Silos * fleet.Silo.Requests, tolerance: 1e-6);

        // Every message has two ends.
        var ends = (fleet.Gateways * fleet.Gateway.Messages) + (fleet.Silos * fleet.Silo.Messages) + fleet.Balancer.Messages + fleet.Controller.Messages;
        const double SiloReports = 100 * 10, Pushes = 5 * 10, Refreshes = 2 * 5, Looks = 2 * 100, Informs = 2;
        const double Calls = 4 * 18_000;
        Assert.Equal(2 * (Calls + SiloReports + Pushes + Refreshes + Looks + Informs), ends, tolerance: 1e-6);
    }

    [Fact]
    public void The_balancer_writes_no_more_reports_however_many_gateways_there_are()
    {
        var (some, many) = (Fleet(gateways: 20), Fleet(gateways: 40));
        Assert.Equal(some.Balancer.Reports, many.Balancer.Reports, tolerance: 1);

        static RoleTraffic Fleet(int gateways) => new(Silos: 100, ServersPerSilo: 100, gateways, RequestsPerServer: 1);
    }
}
