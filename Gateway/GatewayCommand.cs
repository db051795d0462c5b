using System.CommandLine;
using Microsoft.Extensions.Logging;
using Shortline.Balancing.Choosing;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings.Sources;
using Shortline.Hosting.Start;

namespace Shortline.Gateway;

/// <summary>The command line of the gateway process.</summary>
internal static partial class GatewayCommand
{
    private static readonly Option<string?> Port = new("--port")
    {
        Description = "Port for clients, short for --load_balancer:client_side_port; 0 takes a free one.",
        HelpName = "PORT",
    };

    public static Task<int> RunAsync(string[] args)
    {
        var settings = SettingsArguments.Split(args);
        var (name, config) = (ProgramOptions.Name("gateway", "its port"), ProgramOptions.Config());
        var description = $"Receives requests and passes them to the servers of a cluster. Start it before or after the silos.\n\n{SettingsArguments.Help}";
        var command = new RootCommand(description) { Port, name, config };
        command.SetAction((parsed, _) =>
        {
            var options = new GatewayHostOptions { Name = parsed.GetValue(name) };
            if (parsed.GetValue(Port) is { } port)
                settings.Add("--port", "load_balancer.client_side_port", port);
            return RunAsync(options, SettingsSources.OfProcess(settings, parsed.GetValue(config), BalancingPolicies.Names));
        });
        return ProgramOptions.InvokeAsync(command, settings);
    }

    private static Task<int> RunAsync(GatewayHostOptions options, SettingsSources sources) => ProgramStart.RunAsync(
        sources,
        result => ProgramHost.RunAsync(
            GatewayHost.Build(result.Settings!, options),
            loggers =>
            {
                var name = GatewayHost.NameOf(result.Settings!, options);
                var log = loggers.CreateLogger(LogCategories.Gateway(name));
                SettingsRead(log, result.Notice);
                Ready(log, name, result.Settings!.Cluster.Id);
            }));

    [LoggerMessage(3401, LogLevel.Information, "{Notice}")]
    private static partial void SettingsRead(ILogger log, string notice);

    [LoggerMessage(3402, LogLevel.Information, "Gateway {Name} is ready and belongs to cluster {Cluster}; end it with Ctrl-C")]
    private static partial void Ready(ILogger log, string name, string cluster);
}
