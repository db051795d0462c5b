using System.Runtime.InteropServices;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Gateway.HandOver;

/// <summary>
/// Hands batches over to servers of other silos: over a link where there is one, else by grain calls. By these, requests that come together for
/// many servers of a silo leave in one call to the silo, which costs the same whatever the number of its servers. Those of few servers leave in
/// calls to them, which take one step less and do not wait for each other.
/// </summary>
internal sealed class GrainCalls(Dispatcher dispatcher, DispatcherParts parts)
{
    /// <summary>
    /// The servers from which on one call to the silo is made. With two servers a silo it made no difference beyond the noise; with a hundred,
    /// two fifths more requests were answered (<c>bench udp --only gateway --silos 3 --servers 300</c>).
    /// </summary>
    private const int ManyServers = 4;

    /// <summary>The silos of servers that are called, by address. Protected by the fleet's lock.</summary>
    private readonly Dictionary<string, SiloCalls> _silos = new(StringComparer.Ordinal);

    /// <summary>
    /// Prepares the calls of a server's sender. Servers that are called directly need nothing. The caller holds the fleet's lock.
    /// </summary>
    public void Start(Destination server)
    {
        if (server.IsCalledDirectly)
            return;

        var isFirst = server.HungSenders.Count == 0;
        if (!_silos.TryGetValue(server.SiloAddress, out var silo) || (!isFirst && silo.IsCalling))
            silo = Begin(server.SiloAddress, silo);
        silo.Servers += isFirst ? 1 : 0;
        server.Sender.Silo = silo;
    }

    /// <summary>Ends that for a server that is gone. The caller holds the fleet's lock.</summary>
    public void Forget(Destination server)
    {
        if (server.IsCalledDirectly || !_silos.TryGetValue(server.SiloAddress, out var silo) || --silo.Servers > 0)
            return;
        _silos.Remove(server.SiloAddress);
        silo.End(successor: null);
        silo.Path?.Close();
    }

    /// <summary>Closes the links. The caller holds the fleet's lock.</summary>
    public void Close()
    {
        foreach (var silo in _silos.Values)
            silo.Path?.Close();
    }

    /// <summary>Makes the call to a server for which a batch has been taken.</summary>
    public async Task Call(BatchSender sender)
    {
        try
        {
            dispatcher.OnReceipt(sender, await Submit(sender).ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            dispatcher.OnCallFailed(sender, failure);
        }
    }

    private SiloCalls Begin(string address, SiloCalls? former)
    {
        var silo = new SiloCalls { Servers = former?.Servers ?? 0, Path = former is null ? MakePath(address) : former.Path };
        _silos[address] = silo;

        // The loops must not keep the execution context of the ranking or response that happened to start them.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Run(silo);
            if (former is null && silo.Path is { } path)
                _ = Task.Run(path.Run);
        }

        former?.End(silo);
        return silo;
    }

    private SiloPath? MakePath(string address) => parts.IntakeOf is null ? null : new SiloPath(address, dispatcher, parts, this);

    /// <summary>
    /// Makes the calls to a silo until it is ended. Senders collect during a call to the silo, so batches form only under load. A call to one
    /// server is not waited for, because that server may not return.
    /// </summary>
    private async Task Run(SiloCalls silo)
    {
        List<BatchSender> senders = [];
        while (!silo.IsEnded)
        {
            await silo.WaitAsync().ConfigureAwait(false);
            try
            {
                while (TryTakeAll(silo, senders))
                {
                    if (silo.Path?.Link?.TrySend(senders) == true)
                        continue;
                    if (senders.Count >= ManyServers && silo.Path?.Intake is { } intake)
                        await CallSilo(silo, intake, senders).ConfigureAwait(false);
                    else
                        CallEach(senders);
                }
            }
            catch (Exception fault)
            {
                // A fault of this program must not end the loop, because nobody else makes these calls.
                dispatcher.LogFault(fault);
            }
        }
    }

    private void CallEach(List<BatchSender> senders)
    {
        foreach (var sender in senders)
            CallServer(sender);
    }

    /// <summary>Takes the senders that have requests, each with its next batch.</summary>
    private bool TryTakeAll(SiloCalls silo, List<BatchSender> senders)
    {
        senders.Clear();
        while (!silo.IsEnded && silo.TryTake(out var sender))
        {
            if (dispatcher.TryBeginCall(sender))
                senders.Add(sender);
        }

        return senders.Count > 0;
    }

    /// <summary>Makes the call to a server, and the next one if requests have come during it.</summary>
    private void CallServer(BatchSender sender)
    {
        try
        {
            var call = Submit(sender);
            if (!call.IsCompletedSuccessfully)
            {
                _ = FinishCall(sender, call);
                return;
            }

            dispatcher.OnReceipt(sender, call.Result);
        }
        catch (Exception failure)
        {
            dispatcher.OnCallFailed(sender, failure);
        }

        GoOn(sender);
    }

    private async Task FinishCall(BatchSender sender, ValueTask<BatchReceipt> call)
    {
        try
        {
            dispatcher.OnReceipt(sender, await call.ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            dispatcher.OnCallFailed(sender, failure);
        }

        GoOn(sender);
    }

    private ValueTask<BatchReceipt> Submit(BatchSender sender) =>
        sender.Destination.Grain.Submit(sender.Batch!.ToBatch(dispatcher.GatewayId), parts.Self());

    private async Task CallSilo(SiloCalls silo, ISiloIntakeGrain intake, List<BatchSender> senders)
    {
        dispatcher.SetCalling(silo, true);
        try
        {
            var batch = new SiloBatch
            {
                GatewayId = dispatcher.GatewayId,
                Parts = senders.ConvertAll(sender => sender.Batch!.ToPart(sender.Destination.Id)).ToArray(),
            };
            var receipt = await intake.Submit(batch, parts.Self()).ConfigureAwait(false);
            dispatcher.SetCalling(silo, false);
            var outgoing = dispatcher.RentOutgoing();
            for (var i = 0; i < senders.Count; i++)
                OnPart(senders[i], receipt.Parts.Span[i], outgoing);
            outgoing.Finish();
            dispatcher.ReturnOutgoing(outgoing);
        }
        catch (Exception failure)
        {
            dispatcher.SetCalling(silo, false);
            OnFailed(CollectionsMarshal.AsSpan(senders), failure);
        }
    }

    /// <summary>Settles what became of the requests for a server that left together with others.</summary>
    /// <returns>Whether more requests have come for the server: then its sender waits, and the caller wakes the silo's calls.</returns>
    public bool OnPart(BatchSender sender, in ServerReceipt part, Outgoing outgoing)
    {
        switch (part.State)
        {
            case PartState.Done:
                dispatcher.OnReceipt(sender, part.Receipt, outgoing);
                return AddAgain(sender);
            case PartState.Working:
                dispatcher.OnAccepted(sender);
                return AddAgain(sender);
            case PartState.NotTaken when sender.Abandoned:
                dispatcher.OnRefused(sender);
                return false;
            default:
                CallServer(sender);
                return false;
        }
    }

    /// <summary>Settles requests that left together and whose call has failed.</summary>
    public void OnFailed(ReadOnlySpan<BatchSender> senders, Exception failure)
    {
        dispatcher.OnCallsFailed(senders, failure);
        foreach (var sender in senders)
            GoOn(sender);
    }

    /// <summary>Adds a sender again if requests have come during its call, and wakes the silo's calls.</summary>
    private void GoOn(BatchSender sender)
    {
        if (AddAgain(sender))
            sender.Silo!.Wake();
    }

    private bool AddAgain(BatchSender sender)
    {
        if (!dispatcher.MustCallAgain(sender))
            return false;
        sender.Silo!.Add(sender);
        return true;
    }
}
