using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Servers;

/// <summary>
/// Hands the parts of a batch to servers of this silo, one after the other, until it is done or ended. A server that has not returned at the
/// end gets its responses to the gateway by itself. Thread-safe.
/// </summary>
internal sealed class SiloHandover(ILocalServers servers, string pool, SiloBatch batch, IGatewayObserver replyTo, ILogger logger)
    : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly ServerReceipt[] _receipts = new ServerReceipt[batch.Parts.Length];
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The part that a server works on; -1 if none.</summary>
    private int _current = -1;
    private bool _isEnded;

    /// <summary>Completes when all parts are handed over.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Hands over the parts.</summary>
    public void Execute()
    {
        var memory = new ReceiptMemory();
        try
        {
            for (var i = 0; i < _receipts.Length && TryBegin(i); i++)
            {
                var part = batch.Parts.Span[i];
                var requests = new RequestBatch { GatewayId = batch.GatewayId, Requests = part.Requests, Bytes = part.Bytes };
                var isTaken = servers.TrySubmit(pool, part.ServerId, requests, replyTo, memory, out var receipt);
                Finish(i, isTaken ? new ServerReceipt { State = PartState.Done, Receipt = Copy(receipt) } : default);
            }

            _completed.TrySetResult();
        }
        catch (Exception fault)
        {
            // The call fails with it, and the gateway sends the requests elsewhere.
            _completed.TrySetException(fault);
        }
    }

    /// <summary>Ends the handover: what no server has yet is not handed over any more.</summary>
    public SiloReceipt End()
    {
        lock (_lock)
        {
            _isEnded = true;
            if (_current >= 0)
                _receipts[_current] = new ServerReceipt { State = PartState.Working };
            return new SiloReceipt { Parts = _receipts };
        }
    }

    private bool TryBegin(int part)
    {
        lock (_lock)
        {
            _current = _isEnded ? _current : part;
            return !_isEnded;
        }
    }

    private void Finish(int part, in ServerReceipt receipt)
    {
        lock (_lock)
        {
            _current = -1;
            if (!_isEnded)
            {
                _receipts[part] = receipt;
                return;
            }
        }

        var left = batch.Parts.Span[part];
        _ = receipt.State == PartState.Done
            ? LateResponses.Push(replyTo, receipt.Receipt.Done, logger)
            : LateResponses.GiveBack(replyTo, left.ServerId, left.Requests, logger);
    }

    /// <summary>Copies a receipt from the memory that the next server uses, because it is serialized later.</summary>
    private static BatchReceipt Copy(in BatchReceipt receipt) => new()
    {
        Done = receipt.Done with { Responses = receipt.Done.Responses.ToArray(), Bytes = receipt.Done.Bytes.ToArray() },
    };
}
