using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shortline.Hosting;

/// <summary>The host of a program that hosts services: settings, logs and a way to end, and nothing that reads other files or variables.</summary>
public static class ProgramHost
{
    // What a host needs beside the draining of its servers: calls in flight, files, sockets.
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(10);

    /// <summary>Begins a host.</summary>
    /// <param name="settings">The settings; services may ask for them.</param>
    /// <param name="processCategory">The process' own category: <c>LogCategories.Silo("one")</c>.</param>
    /// <param name="console">False where the program draws on the console itself.</param>
    public static HostApplicationBuilder CreateBuilder(ShortlineSettings settings, string processCategory, bool console = true)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddShortlineLogs(settings.Logs, processCategory, console);

        // A start that fails is told once, by ProgramStart.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(options =>
            options.ShutdownTimeout = TimeSpan.FromMilliseconds(settings.Server.DrainTimeoutMs) + StopMargin);
        return builder;
    }

    /// <summary>Starts the host, waits until it is asked to end, and stops and disposes of it.</summary>
    /// <param name="host">The host.</param>
    /// <param name="started">Called when every service has started.</param>
    /// <param name="stop">Asks it to end.</param>
    /// <returns>The exit code: 0 if it was asked to end, <see cref="ProgramStart.Failed"/> if one of its services broke.</returns>
    public static async Task<int> RunAsync(IHost host, Action<ILoggerFactory> started, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(started);
        try
        {
            await host.StartAsync(stop);
            started(host.Services.GetRequiredService<ILoggerFactory>());
            await host.WaitForShutdownAsync(stop);
        }
        finally
        {
            // Disposing writes the last lines of the log.
            await DisposeAsync(host);
        }

        return stop.IsCancellationRequested ? 0 : ProgramStart.Failed;
    }

    private static async ValueTask DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host.Dispose();
    }

    /// <summary>Signals are the business of <see cref="ProgramStart"/>, the same in programs with a host and without.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
