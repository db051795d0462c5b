using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Shortline.Client;
using Shortline.Gateway;
using Shortline.GrainInterfaces;
using Shortline.Hosting;
using Shortline.Protocol;
using Shortline.Unit.Tests.Grains.External;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Fleet;

/// <summary>Programs that are servers beside those of the fleet, through a real gateway.</summary>
public sealed class ExternalFleetTests
{
    /// <summary>Stalls are found so late that it is the ejection which gives a program's requests to others.</summary>
    private static readonly ShortlineSettings Settings = new()
    {
        Server = new() { Count = 1, QueueUpdateInterval = 0.2, DrainTimeoutMs = 200 },
        LoadBalancer = new() { ExternalTimeoutMs = 600, StallMs = 60_000, SlowStartMs = 0, RefreshIntervalMs = 100 },
        Controller = new() { IntervalMs = 100 },
    };

    [Theory]
    [InlineData(true, ResponseStatus.Ok)]
    [InlineData(false, ResponseStatus.Lost)]
    public async Task What_a_silent_program_has_goes_to_others_or_is_lost_if_it_must_not_run_twice(bool idempotent, ResponseStatus expected)
    {
        await using var fleet = await FleetHost.Start(Settings);
        using var program = new FakeProgram { Work = _ => null };
        using var alive = new CancellationTokenSource();
        var reporting = program.ReportTo(await Door(fleet), "7", alive.Token);
        using var client = fleet.Client(1);

        List<Task<Reply>> replies = [];
        await Eventually.True(
            async () =>
            {
                replies.Add(client.SendAsync("echo", "1"u8.ToArray(), timeoutMs: 60_000, idempotent: idempotent).AsTask());
                if (program.Requests.IsEmpty)
                    await Task.WhenAny(replies[^1], Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
                return !program.Requests.IsEmpty;
            },
            "a request at the program");
        await alive.CancelAsync();
        await reporting;

        await Eventually.Completes(Task.WhenAll(replies), "answers to all");
        var others = replies.ConvertAll(reply => reply.Result.Status);
        Assert.Contains(expected, others);
        Assert.DoesNotContain(others, status => status != ResponseStatus.Ok && status != expected);

        // Of those that waited in the grain none has run.
        Assert.True(others.Count(status => status == ResponseStatus.Lost) <= 1);
    }

    [Fact]
    public async Task A_server_of_the_text_protocol_that_joins_is_ranked_with_its_location_until_it_leaves()
    {
        await using var fleet = await FleetHost.Start(Settings);
        using var program = new TextProgram();
        var door = fleet.Services.GetRequiredService<IExternalServers>();
        Assert.False(door.Join(IPAddress.Parse("10.0.0.1"), program.EndPoint));
        Assert.True(door.Join(IPAddress.Loopback, program.EndPoint));

        var balancer = fleet.Services.GetRequiredService<IGrainFactory>().GetGrain<IBalancerGrain>(ServerKey.DefaultPool);
        await Eventually.True(
            async () => (await balancer.GetRanking()).Servers.Any(server =>
                server is { IsLocateOnly: true, Status: ServerStatus.Ready, Host: "127.0.0.1" } && server.Port == program.EndPoint.Port),
            "its location is ranked");
        using var client = fleet.Client(1);
        Assert.Equal("0", (await client.SendAsync("echo", "1"u8.ToArray())).ServerId);

        Assert.True(door.Leave(IPAddress.Loopback, program.EndPoint));
        await Eventually.True(async () => (await balancer.GetRanking()).Servers.All(server => !server.IsExternal), "it is gone");
    }

    [Fact]
    public async Task Nothing_listens_if_nobody_may_report()
    {
        await using var fleet = await FleetHost.Start(Settings with { LoadBalancer = Settings.LoadBalancer with { AllowExternalFrom = AddressRanges.TryParse("")! } });
        Assert.Null(fleet.Services.GetRequiredService<ExternalDoor>().EndPoint);
        Assert.False(fleet.Services.GetRequiredService<IExternalServers>().Join(IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, 6001)));
    }

    private static async Task<IPEndPoint> Door(FleetHost fleet)
    {
        var door = fleet.Services.GetRequiredService<ExternalDoor>();
        await Eventually.True(() => door.EndPoint is not null, "the port for reports");
        return door.EndPoint!;
    }
}
