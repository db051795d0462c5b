using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Bench.Simulation.Roles;

/// <summary>What requests, messages and reports cost, in microseconds of a processor.</summary>
/// <param name="Request">
/// A request at a gateway, or at a silo, without the messages between them: half of what a gateway in a silo needs (<c>bench udp</c>).
/// </param>
/// <param name="Message">A message at the one who sends it, or at the one who receives it.</param>
/// <param name="Report">A report in a message, written or read.</param>
internal readonly record struct RoleCosts(double Request, double Message, double Report)
{
    /// <summary>The reports of the message that is measured.</summary>
    private const int Reports = 1000;

    private static readonly TimeSpan MeasureFor = TimeSpan.FromSeconds(1);

    /// <summary>Measures the cost of a report on this machine, with the serializer that the product uses.</summary>
    internal static RoleCosts Measure(double requestMicroseconds, double messageMicroseconds)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer<ServerRanking>>();
        var ranking = new ServerRanking
        {
            Version = 2,
            Since = 1,
            Servers = [.. Enumerable.Range(0, Reports).Select(Sample)],
            GatewayCount = 50,
            Algorithm = "coordinated",
        };
        _ = serializer.Deserialize(serializer.SerializeToArray(ranking));
        var (started, count) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(started) < MeasureFor; count++)
            _ = serializer.Deserialize(serializer.SerializeToArray(ranking));

        // Written and read.
        var perReport = Stopwatch.GetElapsedTime(started).TotalMicroseconds / count / Reports / 2;
        return new RoleCosts(requestMicroseconds, messageMicroseconds, perReport);
    }

    /// <summary>The processors that a load keeps busy.</summary>
    internal double Processors(in RoleLoad load) => ((load.Requests * Request) + (load.Messages * Message) + (load.Reports * Report)) / 1e6;

    private static ServerResponse Sample(int number) => new()
    {
        Identity = $"{number}",
        Incarnation = 1_700_000_000_000_000 + number,
        Sequence = 1000 + number,
        Status = ServerStatus.Ready,
        QueueLength = number % 7,
        InService = 1,
        Completed = 100_000 + number,
        ServiceTimeMs = 50,
        ReadyForMs = 600_000,
        Silo = $"silo-{number / 10}",
        SiloAddress = $"S10.0.{number / 2560}.{number / 10 % 256}:11111:123456789",
        Host = $"10.0.{number / 2560}.{number / 10 % 256}",
        Port = 10_000 + (number % 1000),
    };
}
