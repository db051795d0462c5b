using System.Collections.Concurrent;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Unit.Tests.Gateway.HandOver;

/// <summary>A silo that takes requests for all its fake servers.</summary>
internal sealed class FakeIntake(Func<string, FakeServer> serverOf) : ISiloIntakeGrain
{
    /// <summary>The ids of servers that take nothing here.</summary>
    public ConcurrentDictionary<string, bool> Busy { get; } = new(StringComparer.Ordinal);

    /// <summary>The ids of the servers of each call that carried requests.</summary>
    public ConcurrentQueue<string[]> Calls { get; } = new();

    /// <summary>What happens to a call with requests, instead of handing them over.</summary>
    public Func<SiloBatch, ValueTask<SiloReceipt>>? OnSubmit { get; set; }

    public async ValueTask<SiloReceipt> Submit(SiloBatch batch, IGatewayObserver replyTo)
    {
        if (batch.Parts.IsEmpty)
            return new SiloReceipt { Parts = default };

        Calls.Enqueue([.. batch.Parts.ToArray().Select(part => part.ServerId)]);
        return OnSubmit is null ? await HandOver(batch, replyTo) : await OnSubmit(batch);
    }

    /// <summary>Offers links; by default there are none.</summary>
    public Func<IGatewayObserver, LinkOffer?>? OnOffer { get; set; }

    public ValueTask<LinkOffer?> OfferLink(int version, string gatewayId, IGatewayObserver replyTo) =>
        new(version == LinkFormat.Version ? OnOffer?.Invoke(replyTo) : null);

    /// <summary>Hands the parts to the servers.</summary>
    public async ValueTask<SiloReceipt> HandOver(SiloBatch batch, IGatewayObserver replyTo)
    {
        var receipts = new ServerReceipt[batch.Parts.Length];
        for (var i = 0; i < receipts.Length; i++)
        {
            var part = batch.Parts.Span[i];
            if (Busy.ContainsKey(part.ServerId))
                continue;
            var requests = new RequestBatch { GatewayId = batch.GatewayId, Requests = part.Requests, Bytes = part.Bytes };
            receipts[i] = new ServerReceipt { State = PartState.Done, Receipt = await serverOf(part.ServerId).Submit(requests, replyTo) };
        }

        return new SiloReceipt { Parts = receipts };
    }
}
