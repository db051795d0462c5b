using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Shortline.Client;
using Shortline.Gateway.ExternalServers;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Grains.ExternalServers;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Fleet;

/// <summary>External servers beside the servers of a fleet, with a real gateway.</summary>
public sealed class ExternalServerFleetTests(SmallFleet small) : IClassFixture<SmallFleet>
{
    [Theory]
    [InlineData(true, ResponseStatus.Ok)]
    [InlineData(false, ResponseStatus.Lost)]
    public async Task Requests_of_a_silent_external_server_go_to_others_or_are_lost_if_not_idempotent(bool idempotent, ResponseStatus expected)
    {
        var fleet = small.Fleet;
        using var external = new FakeExternalServer { Work = _ => null };
        using var alive = new CancellationTokenSource();
        var reporting = external.ReportTo(await ReportEndPoint(fleet), idempotent ? "7" : "8", alive.Token);
        using var client = fleet.Client(1);

        List<Task<Reply>> replies = [];
        await Eventually.True(
            async () =>
            {
                replies.Add(client.SendAsync("echo", "1"u8.ToArray(), timeoutMs: 60_000, idempotent: idempotent).AsTask());
                if (external.Requests.IsEmpty)
                    await Task.WhenAny(replies[^1], Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
                return !external.Requests.IsEmpty;
            },
            "a request arrives at the external server");
        await alive.CancelAsync();
        await reporting;

        await Eventually.Completes(Task.WhenAll(replies), "all requests are answered");
        var others = replies.ConvertAll(reply => reply.Result.Status);
        Assert.Contains(expected, others);
        Assert.DoesNotContain(others, status => status != ResponseStatus.Ok && status != expected);

        // Requests that waited in the grain have not run, so they are not lost.
        Assert.True(others.Count(status => status == ResponseStatus.Lost) <= 1);
    }

    [Fact]
    public async Task A_text_server_that_joins_is_ranked_with_its_location_until_it_leaves()
    {
        var fleet = small.Fleet;
        using var external = new FakeTextServer();
        var door = fleet.Services.GetRequiredService<IExternalServers>();
        Assert.False(door.Join(IPAddress.Parse("10.0.0.1"), external.EndPoint));
        Assert.True(door.Join(IPAddress.Loopback, external.EndPoint));

        var balancer = fleet.Services.GetRequiredService<IGrainFactory>().GetGrain<IBalancerGrain>(ServerKey.DefaultPool);
        await Eventually.True(
            async () => (await balancer.GetRanking()).Servers.Any(server =>
                server is { IsLocateOnly: true, Status: ServerStatus.Ready, Host: "127.0.0.1" } && server.Port == external.EndPoint.Port),
            "the text server is ranked with its location");
        using var client = fleet.Client(1);
        Assert.Equal("0", (await client.SendAsync("echo", "1"u8.ToArray())).ServerId);

        Assert.True(door.Leave(IPAddress.Loopback, external.EndPoint));
        await Eventually.True(async () => (await balancer.GetRanking()).Servers.All(server => !server.IsLocateOnly), "the text server has left the ranking");
    }

    [Fact]
    public async Task The_gateway_does_not_listen_for_reports_if_no_address_is_allowed()
    {
        await using var fleet = await FleetHost.Start(SmallFleet.Settings with { LoadBalancer = SmallFleet.Settings.LoadBalancer with { AllowExternalFrom = AddressRanges.TryParse("")! } });
        Assert.Null(fleet.Services.GetRequiredService<ExternalDoor>().EndPoint);
        Assert.False(fleet.Services.GetRequiredService<IExternalServers>().Join(IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, 6001)));
    }

    private static async Task<IPEndPoint> ReportEndPoint(FleetHost fleet)
    {
        var door = fleet.Services.GetRequiredService<ExternalDoor>();
        await Eventually.True(() => door.EndPoint is not null, "the gateway listens for reports");
        return door.EndPoint!;
    }
}
