using System.Net;
using System.Net.Sockets;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Silo;

public sealed class SiloProcessTests : IDisposable
{
    private readonly WorkingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_names_every_option_and_where_settings_come_from()
    {
        await using var silo = _folder.Start(ProgramFile.Silo, "--help");

        Assert.Equal(0, await silo.WaitForExit());
        foreach (var part in (string[])["--gateway", "--name <NAME>", "--config <FILE>", "--section:key", "docs/configuration.md"])
            Assert.Contains(part, silo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("QUIT")]
    [InlineData("HUP")]
    public async Task The_silo_stops_gracefully_on_a_signal(string signal)
    {
        await using var silo = _folder.Start(ProgramFile.Silo, ["--name", "one", .. FreePorts.Settings()]);
        await silo.WaitForLine("Silo one is ready");

        await silo.Signal(signal);

        Assert.True(await silo.WaitForExit() == 0, silo.Describe());
        Assert.Contains("Silo one is ready", await File.ReadAllTextAsync(_folder.PathOf("logs/silo/silo-one.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_silo_names_the_key_of_a_port_that_is_in_use_and_exits_with_1()
    {
        var settings = FreePorts.Settings(out var port);
        using var other = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));

        await using var silo = _folder.Start(ProgramFile.Silo, ["--gateway", .. settings]);

        Assert.True(await silo.WaitForExit() == 1, silo.Describe());
        Assert.Contains($"The gateway cannot listen on 127.0.0.1:{port} (UDP)", silo.Error, StringComparison.Ordinal);
        Assert.Contains("load_balancer.client_side_port", silo.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_silo_works_without_log_files()
    {
        await File.WriteAllTextAsync(_folder.PathOf("logs"), "no folder");

        await using var silo = _folder.Start(ProgramFile.Silo, ["--name", "one", .. FreePorts.Settings()]);
        await silo.WaitForLine("Silo one is ready");
        await silo.WaitForLine("Log files cannot be written: ");
        await silo.Interrupt();

        Assert.True(await silo.WaitForExit() == 0, silo.Describe());
    }
}
