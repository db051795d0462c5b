using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;

namespace Shortline.Bench;

/// <summary>What a grain call within a silo costs, on either engine: calls a second, time a call, bytes a call.</summary>
public static class EngineBenchmark
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    /// <summary>Prints a line per shape of call and number of calls outstanding.</summary>
    public static async Task Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        using var host = builder.Build();
        await host.StartAsync();
        var factory = host.Services.GetRequiredService<IGrainFactory>();
        var one = factory.GetGrain<IEchoGrain>("one");
        await Measure(output: null, "", 64, touch: false, one);
        foreach (var outstanding in (int[])[1, 64, 256])
        {
            await Measure(output, "ValueTask<int>", outstanding, touch: false, one);
            await Measure(output, "Task", outstanding, touch: true, one);
        }

        await host.StopAsync();
    }

    private static async Task Measure(TextWriter? output, string shape, int outstanding, bool touch, IEchoGrain grain)
    {
        var calls = 0L;
        var bytes = GC.GetTotalAllocatedBytes();
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, outstanding).Select(_ => Task.Run(async () =>
        {
            var own = 0L;
            while (Stopwatch.GetElapsedTime(started) < Duration)
            {
                for (var batch = 0; batch < 100; batch++)
                {
                    if (touch)
                    {
                        await grain.Touch();
                    }
                    else
                    {
                        await grain.Echo(batch);
                    }
                }

                own += 100;
            }

            Interlocked.Add(ref calls, own);
        })));
        var elapsed = Stopwatch.GetElapsedTime(started);
        bytes = GC.GetTotalAllocatedBytes() - bytes;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        output?.WriteLine(
            $"{shape,-15} {outstanding,4} outstanding {calls / elapsed.TotalSeconds,12:N0} calls/s {elapsed.TotalMicroseconds * outstanding / calls,8:F2} us"
            + $" {(double)bytes / calls,6:F0} B/call {cpu.TotalMicroseconds / calls,6:F2} us CPU");
    }
}
