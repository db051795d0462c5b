using System.Net;
using System.Net.Sockets;
using Shortline.Hosting.Settings.Sources;
using Shortline.Hosting.Start;
using Shortline.Unit.Tests.Hosting.Settings;

namespace Shortline.Unit.Tests.Hosting.Start;

public sealed class ProgramStartTests : IDisposable
{
    private readonly StringWriter _error = new();

    public void Dispose() => _error.Dispose();

    [Fact]
    public async Task The_exit_code_is_that_of_the_program()
    {
        Assert.Equal(7, await ProgramStart.RunAsync(() => Task.FromResult(7), _error));
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Wrong_settings_are_reported_without_a_stack_trace_and_the_program_does_not_run()
    {
        using var fixture = new SettingsFixture();
        var sources = new SettingsSources
        {
            WorkingDirectory = fixture.Folder,
            Arguments = SettingsArguments.Split(["--server:count", "0", "--client:count", "0"]),
            KnownAlgorithms = SettingsFixture.Algorithms,
        };

        var exitCode = await ProgramStart.RunAsync(sources, _ => throw new InvalidOperationException("ran"), _error);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The settings have 2 faults:", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_has_left_is_no_fault_to_report()
    {
        Assert.Equal(1, await ProgramStart.RunAsync(() => throw new OutputException("Broken pipe", isClosed: true), _error));
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Standard_error_may_be_full_too()
    {
        using var full = new FullWriter();

        Assert.Equal(1, await ProgramStart.RunAsync(() => throw new OutputException("full", isClosed: false), full));
    }

    private sealed class FullWriter : StringWriter
    {
        public override Task WriteLineAsync(string? value) => throw new IOException("full");
    }

    [Fact]
    public async Task A_failed_start_is_reported_with_its_reason_only()
    {
        var exitCode = await ProgramStart.RunAsync(
            () => throw new InvalidOperationException("hosting", StartFailedException.PortTaken(
                "The gateway", "127.0.0.1:54001 (UDP)", "load_balancer.client_side_port", new SocketException(98))),
            _error);

        Assert.Equal(1, exitCode);
        Assert.Equal(
            "The gateway cannot listen on 127.0.0.1:54001 (UDP): another program uses the port. Stop that program, or choose another port with "
            + "load_balancer.client_side_port, on the command line --load_balancer:client_side_port PORT.",
            _error.ToString().TrimEnd());
    }

    [Fact]
    public async Task A_port_in_use_is_reported_without_a_stack_trace()
    {
        using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var second = new Socket(SocketType.Stream, ProtocolType.Tcp);
        first.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        first.Listen();

        var exitCode = await ProgramStart.RunAsync(
            () =>
            {
                second.Bind(first.LocalEndPoint!);
                return Task.FromResult(0);
            },
            _error);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Another program uses a port:", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unexpected_exception_is_reported_with_its_stack_trace()
    {
        Assert.Equal(1, await ProgramStart.RunAsync(() => throw new InvalidOperationException("broken"), _error));
        Assert.Contains("InvalidOperationException: broken", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("   at ", _error.ToString(), StringComparison.Ordinal);
    }
}
