using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Silo;

public sealed class WrongSettingsTests : IDisposable
{
    private readonly WorkingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_silo_reports_every_fault_of_the_file_in_one_message_and_exits_with_1()
    {
        await File.WriteAllTextAsync(
            _folder.PathOf("config.json"),
            """
            {
              "server": { "count": "many", "port_range_start": "51000", "port_range_end": "50000" },
              "load_balancer": { "client_side_port": "70000", "algoritm": "shortest_queue" }
            }
            """);

        await using var silo = _folder.Start(ProgramFile.Silo);

        Assert.Equal(1, await silo.WaitForExit());
        Assert.Equal(
            """
            The settings have 4 faults:
              server.count = many: a whole number from 1 to 10000 (config.json, line 2)
              load_balancer.client_side_port = 70000: a whole number from 0 to 65535 (config.json, line 3)
              load_balancer.algoritm = shortest_queue: unknown key; did you mean algorithm? (config.json, line 3)
              server.port_range_end = 50000: above server.port_range_start (config.json, line 2; server.port_range_start = 51000: config.json, line 2)
            Every key is described in docs/configuration.md.

            """,
            silo.Error);
        Assert.Empty(silo.Output);
    }

    [Fact]
    public async Task The_silo_reports_every_fault_of_the_command_line_in_one_message_and_exits_with_1()
    {
        await using var silo = _folder.Start(
            ProgramFile.Silo,
            "--gateway", "--server:count", "many", "--load_balancer:client_side_port=70000", "--load_balancer:algoritm", "shortest_queue",
            "--server:port_range_start", "51000", "--server:port_range_end", "50000", "--config", "missing.json");

        Assert.Equal(1, await silo.WaitForExit());
        Assert.StartsWith("The settings have 5 faults:\n  missing.json: there is no such file (", silo.Error, StringComparison.Ordinal);
        Assert.Contains("server.count = many: a whole number from 1 to 10000 (command line)\n", silo.Error, StringComparison.Ordinal);
        Assert.Contains("load_balancer.client_side_port = 70000: a whole number from 0 to 65535 (command line)\n", silo.Error, StringComparison.Ordinal);
        Assert.Contains("unknown key; did you mean algorithm? (command line)\n", silo.Error, StringComparison.Ordinal);
        Assert.Contains("server.port_range_end = 50000: above server.port_range_start (command line; ", silo.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Error, StringComparison.Ordinal);
        Assert.Empty(silo.Output);
    }

    [Theory]
    [InlineData("--gatewya", "'--gatewya' is not an option; did you mean --gateway?")]
    [InlineData("--name=a b", "--name takes 1 to 64 letters, digits, '-', '_' or '.'.")]
    public async Task The_silo_names_an_unknown_option_or_a_wrong_value_and_exits_with_2(string option, string message)
    {
        await using var silo = _folder.Start(ProgramFile.Silo, option);

        Assert.Equal(2, await silo.WaitForExit());
        Assert.Contains(message, silo.Error, StringComparison.Ordinal);
    }
}
