using System.Net;
using System.Net.Sockets;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Gateway;

/// <summary>The command line of the gateway process, without any silo.</summary>
public sealed class GatewayCommandTests : IDisposable
{
    private readonly WorkingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_names_every_option_and_where_settings_come_from()
    {
        await using var gateway = _folder.Start(ProgramFile.Gateway, "--help");

        Assert.Equal(0, await gateway.WaitForExit());
        foreach (var part in (string[])["--port <PORT>", "--name <NAME>", "--config <FILE>", "--section:key", "docs/configuration.md"])
            Assert.Contains(part, gateway.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port", "many", "load_balancer.client_side_port = many: a whole number from 0 to 65535 (command line, --port)", 1)]
    [InlineData("--port", "70000", "load_balancer.client_side_port = 70000: a whole number from 0 to 65535 (command line, --port)", 1)]
    [InlineData("--name", "a b", "--name takes 1 to 64 letters, digits, '-', '_' or '.'.", 2)]
    [InlineData("--gateway", null, "'--gateway' is not an option.", 2)]
    public async Task The_gateway_names_a_wrong_option_and_exits_with_2_or_with_1_for_a_wrong_setting(string option, string? value, string message, int code)
    {
        await using var gateway = _folder.Start(ProgramFile.Gateway, value is null ? [option] : [option, value]);

        Assert.True(await gateway.WaitForExit() == code, gateway.Describe());
        Assert.Contains(message, gateway.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", gateway.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateway_refuses_a_port_that_is_given_twice()
    {
        await using var gateway = _folder.Start(ProgramFile.Gateway, "--port", "6000", "--load_balancer:client_side_port", "6001");

        Assert.True(await gateway.WaitForExit() == 1, gateway.Describe());
        Assert.Contains("--port sets load_balancer.client_side_port, which is given twice", gateway.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateway_names_the_key_of_a_port_that_is_in_use_and_exits_with_1()
    {
        var port = FreePorts.Next();
        using var other = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));

        await using var gateway = _folder.Start(ProgramFile.Gateway, "--port", $"{port}");

        Assert.True(await gateway.WaitForExit() == 1, gateway.Describe());
        Assert.Equal(
            $"The gateway cannot listen on 127.0.0.1:{port} (UDP): another program uses the port. Stop that program, or choose another port with "
            + "load_balancer.client_side_port, on the command line --load_balancer:client_side_port PORT.\n",
            gateway.Error);
    }
}
