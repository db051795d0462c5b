using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;

namespace Shortline.Hosting.Start;

/// <summary>
/// The host of a program that hosts services: settings, logs and signals. It reads no other files or environment variables.
/// </summary>
public static class ProgramHost
{
    // Time to stop in addition to the draining of servers: for calls in flight, files and sockets.
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(10);

    /// <summary>Creates the builder of a host.</summary>
    /// <param name="settings">The settings. Services may ask for them.</param>
    /// <param name="processCategory">The log category of the process, such as <c>LogCategories.Silo("one")</c>.</param>
    /// <param name="console">False if the program draws on the console, so that logs must not.</param>
    public static HostApplicationBuilder CreateBuilder(ShortlineSettings settings, string processCategory, bool console = true)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddShortlineLogs(settings.Logs, processCategory, console);

        // ProgramStart reports a start that fails. The host would log it a second time.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(Options.Create(settings));
        builder.Services.AddSingleton<IHostLifetime, ProgramLifetime>();

        // Programs have "is ready" lines of their own.
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(options =>
            options.ShutdownTimeout = TimeSpan.FromMilliseconds(settings.Server.DrainTimeoutMs) + StopMargin);
        return builder;
    }

    /// <summary>Starts a host, waits for a signal, and stops and disposes the host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="started">Called when every service has started.</param>
    /// <returns>The exit code: 0 after a signal, <see cref="ProgramStart.Failed"/> if a background service failed.</returns>
    public static async Task<int> RunAsync(IHost host, Action<ILoggerFactory> started)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(started);
        var stopping = StoppingOf(host);
        try
        {
            await host.StartAsync();
            started(host.Services.GetRequiredService<ILoggerFactory>());
            await host.WaitForShutdownAsync();
            return HasFailed(host) ? ProgramStart.Failed : 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // A signal came while the host started.
            return HasFailed(host) ? ProgramStart.Failed : 0;
        }
        finally
        {
            // Disposing writes the last lines of the log.
            await DisposeAsync(host);
        }
    }

    /// <summary>The token that a signal cancels, and a background service that fails.</summary>
    public static CancellationToken StoppingOf(IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
    }

    /// <summary>Disposes a host.</summary>
    public static async ValueTask DisposeAsync(IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host.Dispose();
    }

    // Before .NET 11 a host that stops because a background service failed does not throw.
    private static bool HasFailed(IHost host) =>
        host.Services.GetServices<IHostedService>().Any(service => service is BackgroundService { ExecuteTask.IsFaulted: true });
}
