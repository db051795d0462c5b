using Microsoft.Extensions.Logging;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Gateway.HandOver;

/// <summary>
/// Hands batches over by grain calls. Requests that come together for many servers of a silo leave in one call to the silo, which costs the same
/// whatever the number of its servers. Those of few servers leave in calls to them, which take one step less and do not wait for each other.
/// </summary>
internal sealed partial class GrainCalls(Dispatcher dispatcher, DispatcherParts parts)
{
    /// <summary>
    /// The servers from which on one call to the silo is made. With two servers a silo it made no difference beyond the noise; with a hundred,
    /// two fifths more requests were answered (<c>bench udp --only gateway --silos 3 --servers 300</c>).
    /// </summary>
    private const int ManyServers = 4;

    /// <summary>How often a silo is asked whether it takes requests for all its servers, with pauses that double.</summary>
    private const int Questions = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

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
        var silo = new SiloCalls { Servers = former?.Servers ?? 0, Intake = former?.Intake };
        _silos[address] = silo;

        // The loop must not keep the execution context of the ranking or response that happened to start it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Run(silo);
            if (silo.Intake is null && parts.IntakeOf is not null)
                _ = Task.Run(() => FindIntake(silo, address));
        }

        former?.End(silo);
        return silo;
    }

    /// <summary>Finds out whether a silo takes requests for all its servers, by a call without any.</summary>
    private async Task FindIntake(SiloCalls silo, string address)
    {
        var pause = FirstPause;
        for (var left = Questions; !silo.IsEnded; left--)
        {
            try
            {
                var intake = parts.IntakeOf!(address);
                await intake.Submit(new SiloBatch { GatewayId = dispatcher.GatewayId, Parts = default }, parts.Self()).ConfigureAwait(false);
                silo.Intake = intake;
                return;
            }
            catch (Exception failure)
            {
                // The silo is of an earlier version, or is not there; then the calls to its servers find that too.
                if (left == 1)
                {
                    NoIntake(parts.Log, address, failure.Message);
                    return;
                }

                await Task.Delay(pause, parts.Time).ConfigureAwait(false);
                pause *= 2;
            }
        }
    }

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
                    if (senders.Count >= ManyServers && silo.Intake is { } intake)
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
            for (var i = 0; i < senders.Count; i++)
                OnPart(senders[i], receipt.Parts.Span[i]);
        }
        catch (Exception failure)
        {
            dispatcher.SetCalling(silo, false);
            foreach (var sender in senders)
            {
                dispatcher.OnCallFailed(sender, failure);
                GoOn(sender);
            }
        }
    }

    private void OnPart(BatchSender sender, in ServerReceipt part)
    {
        switch (part.State)
        {
            case PartState.Done:
                dispatcher.OnReceipt(sender, part.Receipt);
                GoOn(sender);
                break;
            case PartState.Working:
                dispatcher.OnAccepted(sender);
                GoOn(sender);
                break;
            case PartState.NotTaken when sender.Abandoned:
                dispatcher.OnRefused(sender);
                break;
            default:
                CallServer(sender);
                break;
        }
    }

    /// <summary>Adds a sender again if requests have come during its call.</summary>
    private void GoOn(BatchSender sender)
    {
        if (!dispatcher.MustCallAgain(sender))
            return;
        sender.Silo!.Add(sender);
        sender.Silo.Wake();
    }

    [LoggerMessage(3010, LogLevel.Information, "Silo {Silo} does not take the requests for several servers in one call, so each server gets calls of its own: {Failure}")]
    private static partial void NoIntake(ILogger log, string silo, string failure);
}
