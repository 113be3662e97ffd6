// SPDX-License-Identifier: Apache-2.0
// What of Boost.Asio and Boost.Beast need not be a template, compiled here once rather than in each file that
// includes them (BOOST_ASIO_SEPARATE_COMPILATION, BOOST_BEAST_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
