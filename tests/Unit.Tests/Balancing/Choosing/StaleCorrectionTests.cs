using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class StaleCorrectionTests
{
    [Fact]
    public void The_estimate_is_the_reported_load_of_other_gateways_and_the_own_requests_in_flight() =>
        Assert.Equal(7 + 2, StaleCorrection.Estimate(reportedLoad: 10, reportedOfThisGateway: 3, inFlightNow: 2, sentSinceReport: 5, gateways: 1));

    [Fact]
    public void The_estimate_assumes_that_each_other_gateway_has_sent_as_much_as_this_one() =>
        Assert.Equal(7 + 2 + (2 * 5), StaleCorrection.Estimate(10, 3, 2, 5, gateways: 3));

    [Fact]
    public void The_reported_load_of_other_gateways_is_not_negative() =>
        Assert.Equal(4, StaleCorrection.Estimate(1, 3, 4, 0, gateways: 2));

    [Fact]
    public void The_estimate_saturates_at_the_largest_integer() =>
        Assert.Equal(int.MaxValue, StaleCorrection.Estimate(int.MaxValue, 0, int.MaxValue, int.MaxValue, 1000));

    [Fact]
    public void The_estimate_of_the_only_gateway_is_its_requests_in_flight()
    {
        var property = Prop.ForAll<NonNegativeInt, NonNegativeInt, NonNegativeInt>((reported, inFlight, sent) =>
            StaleCorrection.Estimate(reported.Get, reported.Get, inFlight.Get, sent.Get, 1) == inFlight.Get);
        property.QuickCheckThrowOnFailure();
    }
}
