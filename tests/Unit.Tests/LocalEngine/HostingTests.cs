using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;
using Shortline.Unit.Tests.LocalEngine.Network;
using Shortline.Unit.Tests.ProgrammingModel;

namespace Shortline.Unit.Tests.LocalEngine;

public class HostingTests
{
    private readonly string _cluster = InProcessTestClusterBuilder.CreateClusterId();
    private readonly int _port = SeveralProcesses.FreePort();

    [Fact]
    public async Task A_host_with_a_silo_has_a_client_of_its_own()
    {
        using var host = NewSilo();
        await host.StartAsync();

        var client = host.Services.GetRequiredService<IClusterClient>();

        Assert.Same(client, host.Services.GetRequiredService<IGrainFactory>());
        Assert.Equal("first", (await client.GetGrain<ISettledGrain>("a").Where()).Silo);
        await host.StopAsync();
    }

    [Fact]
    public async Task Two_silos_on_one_port_are_refused()
    {
        using var first = NewSilo();
        using var second = NewSilo();
        await first.StartAsync();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => second.StartAsync());

        Assert.Contains($"{_port}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_without_a_silo_does_not_start()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleansClient(client => client.UseLocalhostClustering(clusterId: _cluster));
        using var host = builder.Build();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => host.StartAsync());
    }

    [Fact]
    public void A_grain_called_before_the_host_runs_says_so()
    {
        using var host = NewSilo();
        var client = host.Services.GetRequiredService<IGrainFactory>();

        var call = client.GetGrain<ISettledGrain>("a").Where();

        Assert.Contains("not started", Assert.IsType<InvalidOperationException>(call.AsTask().Exception!.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_no_class_implements_is_named()
    {
        using var host = NewSilo();
        await host.StartAsync();

        var exception = Assert.Throws<ArgumentException>(() => host.Services.GetRequiredService<IGrainFactory>().GetGrain<IUnknown>("a"));

        Assert.Contains(nameof(IUnknown), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storage_that_was_not_added_is_named()
    {
        using var host = NewSilo();
        await host.StartAsync();
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRecordGrain>("a");

        var exception = await Assert.ThrowsAsync<OrleansException>(() => grain.Read());

        Assert.Contains("AddMemoryGrainStorage(\"store\")", exception.Message, StringComparison.Ordinal);
    }

    private IHost NewSilo()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort: _port, clusterId: _cluster)
            .Configure<SiloOptions>(options => options.SiloName = "first"));
        return builder.Build();
    }

    public interface IUnknown : IGrainWithStringKey;
}
