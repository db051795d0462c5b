using System.Net;
using System.Text.Json;
using Shortline.System.Tests.Processes;
using Shortline.System.Tests.Udp;

namespace Shortline.System.Tests.Gateway;

/// <summary>Silos and gateways as processes on one machine, with the default membership.</summary>
public sealed class SeveralProcessesTests
{
    [Fact]
    public async Task A_gateway_that_starts_first_warns_and_serves_when_a_silo_has_started()
    {
        await using var cluster = new TestCluster();
        var port = FreePorts.Next();
        var gateway = cluster.StartGateway(port);
        await gateway.WaitForLine($"There is no silo of cluster {cluster.Id} yet. Start one: dotnet run --project Silo.");
        using var socket = new PlainSocket(new IPEndPoint(IPAddress.Loopback, port));

        // A request that arrives before any silo has started waits until its deadline.
        Assert.Equal("expired", Status(await socket.Ask("""{"id":"early","operation":"echo","timeout_ms":300}""")));
        socket.Send("""{"id":"patient","operation":"echo","timeout_ms":60000}"""u8.ToArray());
        await cluster.Silo("one");

        await gateway.WaitForLine(" (UDP and TCP), gateway ");
        await cluster.AllOk(port, "--requests", "100");
        Assert.Equal("ok", Status(await socket.Receive("to the request that waited")));
        Assert.Single(gateway.Error.Split('\n'), line => line.Contains("There is no silo", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_gateway_that_waits_for_a_silo_stops_on_a_signal(bool byServiceManager)
    {
        await using var cluster = new TestCluster();
        var gateway = cluster.StartGateway(FreePorts.Next());
        await gateway.WaitForLine("There is no silo");

        await (byServiceManager ? gateway.Terminate() : gateway.Interrupt());

        Assert.True(await gateway.WaitForExit() == 0, gateway.Describe());
    }

    [Fact]
    public async Task A_gateway_sends_requests_over_links_to_all_silos_and_survives_the_loss_of_one()
    {
        await using var cluster = new TestCluster(null, "--server:count=4");
        var port = FreePorts.Next();
        var (one, two) = (await cluster.Silo("one"), await cluster.Silo("two"));
        await cluster.Gateway(port);
        await Task.WhenAll(one.WaitForLine(" sends its requests over a link"), two.WaitForLine(" sends its requests over a link"));
        await cluster.AllOk(port, "--requests", "500");

        await two.Kill();
        await cluster.AllOk(port, "--requests", "500");
        Assert.DoesNotContain("take grain calls", one.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_silos_and_two_gateways_serve_and_each_writes_its_own_log()
    {
        await using var cluster = new TestCluster(null, "--server:count=4");
        var (first, second) = (FreePorts.Next(), FreePorts.Next());
        await Task.WhenAll(cluster.Silo("one"), cluster.Silo("two"));
        await Task.WhenAll(cluster.Gateway(first), cluster.Gateway(second, "--name", "door"));

        await Task.WhenAll(cluster.AllOk(first, "--requests", "500"), cluster.AllOk(second, "--requests", "500", "--client-id", "2000"));

        foreach (var gateway in cluster.Processes.Where(process => process.Output.Contains(" (UDP and TCP), gateway ", StringComparison.Ordinal)))
        {
            await gateway.Terminate();
            Assert.True(await gateway.WaitForExit() == 0, gateway.Describe());
        }

        foreach (var log in (string[])["silo/silo-one.log", "silo/silo-two.log", $"gateway/gateway-{first}.log", "gateway/gateway-door.log"])
            Assert.True(File.Exists(cluster.PathOf(Path.Combine("logs", log))), $"{log} is missing.\n{cluster.Describe()}");
    }

    [Fact]
    public async Task A_gateway_survives_the_loss_of_all_silos_and_serves_when_they_are_back()
    {
        await using var cluster = new TestCluster();
        var port = FreePorts.Next();
        var silo = await cluster.Silo("one");
        await cluster.Gateway(port);
        await cluster.AllOk(port, "--requests", "20");

        await silo.Kill();
        await cluster.Silo("two");

        // The requests wait until the gateway has found the new silo.
        await cluster.AllOk(port, "--requests", "20");
    }

    private static string? Status(string answer) => JsonDocument.Parse(answer).RootElement.GetProperty("status").GetString();
}
