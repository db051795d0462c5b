using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Shortline.Balancing.Choosing;
using Shortline.Hosting.Clustering;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sources;
using Shortline.Hosting.Start;

namespace Shortline.Silo;

/// <summary>The command line of the silo.</summary>
public static partial class SiloCommand
{
    private static readonly Option<bool> Gateway = new("--gateway")
    {
        Description = "Host a gateway too. Clients send requests to load_balancer.client_side_port of this process.",
    };

    private static readonly Option<bool> PrepareDatabase = new("--prepare-database")
    {
        Description = "Create the tables in the database of cluster.connection_string, and exit. Safe to run again.",
    };

    /// <summary>Runs a silo until it is asked to stop.</summary>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="configure">Adds services to the silo, such as work handlers of the calling program.</param>
    /// <returns>The exit code of the program: 0, or another one if the silo could not start or failed.</returns>
    public static Task<int> RunAsync(string[] args, Action<HostApplicationBuilder>? configure = null)
    {
        var settings = SettingsArguments.Split(args);
        var (name, config) = (ProgramOptions.Name("silo", "that of the machine and its port"), ProgramOptions.Config());
        var description = $"Hosts Shortline's servers. Start it again to add a silo.\n\n{SettingsArguments.Help}";
        var command = new RootCommand(description) { Gateway, name, config, PrepareDatabase };
        command.SetAction((parsed, _) =>
        {
            var sources = SettingsSources.OfProcess(settings, parsed.GetValue(config), BalancingPolicies.Names);
            return parsed.GetValue(PrepareDatabase)
                ? ProgramStart.RunAsync(sources, result => StopSignals.RunAsync(stop => SiloCluster.PrepareDatabase(result.Settings!.Cluster, Console.Out, stop)))
                : RunAsync(new SiloHostOptions { Name = parsed.GetValue(name), Gateway = parsed.GetValue(Gateway) }, sources, configure);
        });
        return ProgramOptions.InvokeAsync(command, settings);
    }

    private static Task<int> RunAsync(SiloHostOptions options, SettingsSources sources, Action<HostApplicationBuilder>? configure) => ProgramStart.RunAsync(
        sources,
        result =>
        {
            var host = SiloHost.Build(result.Settings!, options, configure);
            return ProgramHost.RunAsync(host, loggers => Started(host, loggers, result, options));
        });

    private static void Started(IHost host, ILoggerFactory loggers, SettingsResult settings, SiloHostOptions options)
    {
        var name = host.Services.GetRequiredService<ILocalSiloDetails>().Name;
        var log = loggers.CreateLogger(LogCategories.Silo(name));
        SettingsRead(log, settings.Notice);
        Ready(log, name, settings.Settings!.Cluster.Id, options.Gateway ? "hosts a gateway" : "hosts no gateway (--gateway)");
    }

    [LoggerMessage(1001, LogLevel.Information, "{Notice}")]
    private static partial void SettingsRead(ILogger log, string notice);

    [LoggerMessage(1002, LogLevel.Information, "Silo {Name} is ready, belongs to cluster {Cluster} and {Gateway}; end it with Ctrl-C")]
    private static partial void Ready(ILogger log, string name, string cluster, string gateway);
}
