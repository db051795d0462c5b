using System.Text;
using Shortline.Client.Tcp;

namespace Shortline.Unit.Tests.Client.Tcp;

public sealed class UnsentRequestsTests
{
    private readonly UnsentRequests _unsent = new();
    private byte[] _buffer = [];

    [Fact]
    public void Requests_added_before_the_connection_opens_are_taken_together()
    {
        Assert.True(_unsent.TryAdd("{1}"u8, out var write));
        Assert.False(write);
        Assert.True(_unsent.TryAdd("{2}"u8, out write));
        Assert.False(write);
        Assert.Equal("{1}\n{2}\n", Take());
        Assert.Equal("", Take());
    }

    [Fact]
    public void The_only_writer_also_takes_requests_that_others_add_meanwhile()
    {
        Take();
        Assert.True(_unsent.TryAdd("{1}"u8, out var write));
        Assert.True(write);
        Assert.False(_unsent.TryBecomeWriter());
        Assert.Equal("{1}\n", Take());
        Assert.True(_unsent.TryAdd("{2}"u8, out write));
        Assert.False(write);
        Assert.Equal("{2}\n", Take());
        Assert.Equal("", Take());
        Assert.True(_unsent.TryBecomeWriter());
        Assert.True(_unsent.TryAdd("{3}"u8, out write));
        Assert.False(write);
    }

    [Fact]
    public void Unsent_requests_are_limited_in_bytes()
    {
        var request = new byte[60_000];
        var added = 0L;
        while (_unsent.TryAdd(request, out _))
            added += request.Length + 1;
        Assert.InRange(added, UnsentRequests.Limit - 60_001, UnsentRequests.Limit);

        Take();
        Assert.True(_unsent.TryAdd(request, out _));
        Assert.False(_unsent.TryAdd(request, out _)); // The requests that are being written count too.
        Take();
        Assert.True(_unsent.TryAdd(request, out _));
    }

    [Fact]
    public void A_closed_buffer_accepts_and_returns_nothing()
    {
        _unsent.TryAdd("{1}"u8, out _);
        _unsent.Close();
        Assert.False(_unsent.TryAdd("{2}"u8, out _));
        Assert.Equal("", Take());
    }

    private string Take()
    {
        var length = _unsent.Take(ref _buffer);
        return Encoding.UTF8.GetString(_buffer.AsSpan(0, length));
    }
}
