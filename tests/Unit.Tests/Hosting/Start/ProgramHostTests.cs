using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;

namespace Shortline.Unit.Tests.Hosting.Start;

public sealed class ProgramHostTests
{
    private readonly HostApplicationBuilder _builder = ProgramHost.CreateBuilder(
        new ShortlineSettings { Logs = new LogSettings { Directory = "" } }, LogCategories.ClientTool, console: false);

    [Fact]
    public async Task The_exit_code_is_0_when_the_host_is_stopped()
    {
        var host = _builder.Build();

        Assert.Equal(0, await ProgramHost.RunAsync(host, _ => Stop(host.Services)));
    }

    [Fact]
    public async Task The_exit_code_is_0_when_the_host_is_stopped_during_its_start()
    {
        _builder.Services.AddHostedService(services => new Service(starting: async token =>
        {
            Stop(services);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        }));

        Assert.Equal(0, await ProgramHost.RunAsync(_builder.Build(), _ => Assert.Fail("The host started.")));
    }

    [Fact]
    public async Task The_exit_code_is_1_when_a_background_service_fails()
    {
        _builder.Services.AddHostedService(_ => new Service(running: _ => throw new InvalidOperationException("broken")));

        Assert.Equal(1, await ProgramHost.RunAsync(_builder.Build(), _ => { }));
    }

    [Fact]
    public async Task A_failed_start_throws_its_reason()
    {
        _builder.Services.AddHostedService(_ => new Service(starting: _ => throw new StartFailedException("No port is free.")));

        await Assert.ThrowsAsync<StartFailedException>(() => ProgramHost.RunAsync(_builder.Build(), _ => { }));
    }

    [Fact]
    public void Services_get_the_settings_as_an_object_and_as_options()
    {
        using var host = _builder.Build();

        Assert.Same(host.Services.GetRequiredService<ShortlineSettings>(), host.Services.GetRequiredService<IOptions<ShortlineSettings>>().Value);
    }

    private static void Stop(IServiceProvider services) => services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

    private sealed class Service(Func<CancellationToken, Task>? starting = null, Func<CancellationToken, Task>? running = null) : BackgroundService
    {
        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            await (starting?.Invoke(cancellationToken) ?? Task.CompletedTask);
            await base.StartAsync(cancellationToken);
        }

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => running?.Invoke(stoppingToken) ?? Task.CompletedTask;
    }
}
