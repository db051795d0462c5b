using System.Text.Json;
using Shortline.System.Tests.Processes;
using Shortline.System.Tests.Udp;

namespace Shortline.System.Tests.Silo;

/// <summary>A silo process that hosts a gateway.</summary>
public sealed class GatewayProcessTests
{
    [Fact]
    public async Task A_second_silo_names_the_port_in_use_and_its_key_and_the_first_continues_to_serve()
    {
        await using var fleet = await Fleet.Start();

        await using var second = fleet.Run(ProgramFile.Silo, ["--name", "two", "--gateway", .. fleet.Ports]);

        Assert.True(await second.WaitForExit() == 1, second.Describe());
        Assert.Equal(
            $"The gateway cannot listen on {fleet.Gateway} (UDP): another program uses the port. Stop that program, or choose another port with "
            + "load_balancer.client_side_port, on the command line --load_balancer:client_side_port PORT.\n",
            second.Error);
        await using var client = await fleet.AllOk("--requests", "20");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_silo_answers_its_requests_before_it_stops(bool byServiceManager)
    {
        await using var fleet = await Fleet.Start("--server:concurrency=2");
        using var socket = new PlainSocket(fleet.Gateway);
        for (var id = 0; id < 3; id++)
            socket.Send(JsonSerializer.SerializeToUtf8Bytes(new { id, operation = "compute", payload = new { seconds = 0.7 } }));

        // The gateway has received them before this one, which it answers at once.
        Assert.Equal("invalid", JsonDocument.Parse(await socket.Ask("")).RootElement.GetProperty("status").GetString());
        await (byServiceManager ? fleet.Silo.Terminate() : fleet.Silo.Interrupt());

        HashSet<int> answered = [];
        while (answered.Count < 3)
        {
            var answer = JsonDocument.Parse(await socket.Receive($"for 0, 1 or 2 after those for {string.Join(", ", answered)}\n{fleet.Silo.Describe()}")).RootElement;
            Assert.Equal("ok", answer.GetProperty("status").GetString());
            answered.Add(answer.GetProperty("id").GetInt32());
        }

        Assert.True(await fleet.Silo.WaitForExit() == 0, fleet.Silo.Describe());
        Assert.Contains("; 0 requests were left unanswered", fleet.Silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_Ctrl_C_ends_the_silo_at_once()
    {
        await using var fleet = await Fleet.Start();
        using var socket = new PlainSocket(fleet.Gateway);
        socket.Send(JsonSerializer.SerializeToUtf8Bytes(new { id = 1, operation = "compute", payload = new { seconds = 4 } }));
        Assert.Equal("invalid", JsonDocument.Parse(await socket.Ask("")).RootElement.GetProperty("status").GetString());

        // The silo waits for the response, so it ends now only because of a signal, which this exit code means.
        var exit = fleet.Silo.WaitForExit();
        while (!exit.IsCompleted)
            await fleet.Silo.Interrupt();

        Assert.True(await exit == 130, fleet.Silo.Describe());
    }

    [Fact]
    public async Task Every_part_writes_its_own_log_file()
    {
        await using var fleet = await Fleet.Start("--server:count=2");
        await using var client = await fleet.AllOk("--requests", "50", "--clients", "2", "--client-id", "70");
        await fleet.Silo.WaitForLine("server 1 is started");
        await fleet.Silo.Terminate();
        Assert.True(await fleet.Silo.WaitForExit() == 0, fleet.Silo.Describe());

        var folder = fleet.PathOf("logs");
        Assert.Equal(
            [
                "clients/client-70.log", "clients/client-71.log", "clients/client-tool.log", "controller/controller-default.log",
                $"gateway/gateway-{fleet.Gateway.Port}.log", "servers/server-0.log", "servers/server-1.log", "silo/silo-one.log",
            ],
            Directory.EnumerateFiles(folder, "*.log", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal));
        Assert.Contains("server 1 is started on one", await File.ReadAllTextAsync(Path.Combine(folder, "controller/controller-default.log")), StringComparison.Ordinal);
        Assert.Contains("ok, 0 without an answer", await File.ReadAllTextAsync(Path.Combine(folder, "clients/client-70.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_cannot_write_logs_reports_it_and_serves_requests()
    {
        await using var fleet = await Fleet.Start("--logs:directory=/dev/null/logs");
        await fleet.Silo.WaitForLine("Log files cannot be written: ");

        await using var client = await fleet.AllOk("--requests", "20");
    }

    [Fact]
    public async Task A_gateway_serves_on_IPv6()
    {
        await using var fleet = await Fleet.Start("--load_balancer:address=::1");

        await using var client = fleet.Run(ProgramFile.Client, [.. FreePorts.OfClients, "--gateway", $"[::1]:{fleet.Gateway.Port}", "--requests", "20"]);

        Assert.True(await client.WaitForExit() == 0, client.Describe());
    }

    [Fact]
    public async Task Clients_with_retries_survive_the_restart_of_a_killed_silo()
    {
        await using var fleet = await Fleet.Start();
        await using var client = fleet.Client("--duration", "3s", "--rate", "2", "--clients", "1", "--timeout", "30s", "--retries", "100");
        await client.WaitForLine(" answers/s ");
        await fleet.Silo.Kill();
        await using var again = fleet.Run(ProgramFile.Silo, ["--name", "one", "--gateway", .. fleet.Ports]);

        Assert.True(await client.WaitForExit() == 0, $"{client.Describe()}\n{again.Describe()}");
    }
}
